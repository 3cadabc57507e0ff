"""Published spending in the ways councils have written it; every supplier and amount is made up."""

import codecs

OLD_HEADER = (
    "Body,Name of Body,Date,Transaction Number,Invoice Number,Amount,Supplier Name,Supplier ID,VAT Reg no,"
    "Expense Area,Expense Type,Expense Code,Creditor Type"
)
ISO_HEADER = OLD_HEADER.replace("VAT Reg no", "Vat Reg No")
SHORT_HEADER = (
    "Body,Name of Body,Date,Transaction number,Amount,Supplier name,Supplier ID,VAT reg no,"
    "Expense area,Expense type,Expense code,Creditor type"
)
PADDED_HEADER = (
    "Body,Name of Body,Date,Transaction number, Amount ,Supplier name,Supplier ID,VAT reg no,"
    "Expense area,Expense type,Expense code,Costcuk,Creditor type"
)
SUPPORT = "Individualised Support - Private (3rd)"


def iso_row(
    day: str = "2023-04-03",
    amount: str = "100",
    name: str = "MEADOW FARM SUPPORT LTD",
    supplier_id: str = "501",
    expense_type: str = SUPPORT,
    transaction: str = "T1",
    creditor: str = "LTD",
) -> str:
    before = f"18,Estuary Council,{day} 00:00:00,{transaction},INV,{amount}"
    return f"{before},{name},{supplier_id},,Adult Care,{expense_type},5706,{creditor}"


def iso_file(*rows: str) -> bytes:
    return codecs.BOM_UTF8 + "\r\n".join([ISO_HEADER, *rows, ""]).encode()


OLD_FILE = "\r\n".join(
    [
        OLD_HEADER,
        f"18,Estuary Council,01/12/2011,F1,INV,1681.02,MEADOW FARM – “SUPPORT”,501,,Adult,{SUPPORT},5706,B",
        ",,,,,,,,,,,,",
        f"18,Estuary Council,31/12/2011,F2,INV,6.82121E-13,LARKRISE CAFÉ,502,,Adult,{SUPPORT},5706,B",
        f"18,Estuary Council,02/12/2011,F3,INV,-20.005,MEADOW FARM SUPPORT THE,501,,Adult,{SUPPORT.upper()},5706,B",
        ",,,,,,,,,,,,",
    ]
).encode("cp1252")

SHORT_FILE = "\r\n".join(
    [
        SHORT_HEADER,
        f'18,Estuary Council,29/04/2025,22,"1,496.00",MEADOW FARM SUPPORT LTD,501,,Adults,{SUPPORT},A1,"A, B"',
        f"18,Estuary Council,30/04/2025,23,(12.50),MEADOW FARM SUPPORT LIMITED,501,,Adults,{SUPPORT},A1,",
        "18,Estuary Council,30/04/2025,24,60.00,TARMAC EXAMPLE PLC,777,,Highways,Works,A2,",
        "",
    ]
).encode()

PADDED_FILE = (
    codecs.BOM_UTF8
    + "\r\n".join(
        [
            PADDED_HEADER,
            f"18,Estuary Council,02/03/2026,31, 519.89 ,Meadow Farm Support,501,,Operations,{SUPPORT},A61,P03,",
            f'18,Estuary Council,03/03/2026,32," 1,200,496.00 ",Larkrise Living,502,,Operations,{SUPPORT},A61,P03,',
            ',,,," 1,201,015.89 ",,,,,,,,',
            "",
        ]
    ).encode()
)
