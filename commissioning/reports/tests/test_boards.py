"""An administrator says who is on a board, and sees none of its reports by it."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from commissioning.accounts.actions import invite
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Partnership, Role
from commissioning.core.errors import Refused
from commissioning.reports.actions import set_board_members
from commissioning.reports.models import Board, BoardReport
from commissioning.tests.fixtures import make_member, signed_in
from commissioning.tests.forms import send


def address(board: Board) -> str:
    return reverse("board_members", args=[board.code])


def test_it_puts_a_board_member_on_a_board(board: Board, bea: Membership, adam: Membership) -> None:
    client = signed_in(adam)
    assert f'href="{reverse("boards")}"' in client.get("/").content.decode()
    shown = client.get(reverse("boards")).content.decode()
    assert "Estuary Partnership Board" in shown and "Nobody yet" in shown and address(board) in shown
    assert "Bea Board" in client.get(address(board)).content.decode()
    shown = send(client, address(board), {"members": [bea.pk]}, follow=True).content.decode()
    assert "Estuary Partnership Board now has 1 member." in shown and "Bea Board" in shown
    assert signed_in(bea).get("/reports/").status_code == 200
    assert list(Board.objects.visible_to(Actor.of(bea))) == [board]


def test_it_takes_one_off_and_leaves_the_others(members: Board, bea: Membership, adam: Membership) -> None:
    gwen = make_member(members.partnership, Role.BOARD_MEMBER, "Gwen Archer")
    past = make_member(members.partnership, Role.BOARD_MEMBER, "Past Member")
    past.ends_on = dt.date(2021, 1, 1)
    past.save()
    members.members.add(past)
    client = signed_in(adam)
    shown = client.get(address(members)).content.decode()
    assert "Past Member" not in shown and "Gwen Archer" in shown and shown.count("checked") == 1
    send(client, address(members), {"members": [gwen.pk]})
    assert set(members.members.all()) == {gwen, past}
    assert "now has 0 members" in send(client, address(members), {}, follow=True).content.decode()


def test_it_asks_for_a_board_member_first(board: Board, adam: Membership) -> None:
    for page in (reverse("boards"), address(board)):
        shown = signed_in(adam).get(page).content.decode()
        assert "Invite a board member first" in shown and reverse("user_invite") in shown


def test_it_refuses_who_is_no_board_member_of_the_partnership(
    members: Board, elsewhere: Partnership, bea: Membership, alice: Membership, adam: Membership
) -> None:
    stranger = make_member(elsewhere, Role.BOARD_MEMBER, "Stranger")
    for wrong in (alice, stranger):
        with pytest.raises(Refused):
            set_board_members(board=members, members=[wrong], by=Actor.of(adam))
        shown = signed_in(adam).post(address(members), {"members": [wrong.pk]}).content.decode()
        assert "<title>Error: " in shown
    assert list(members.members.all()) == [bea]


@pytest.mark.parametrize("who", ["alice", "finn", "mabel", "sam", "clara", "bea", "audrey"])
def test_it_is_the_administrators_alone(board: Board, who: str, request: pytest.FixtureRequest) -> None:
    member: Membership = request.getfixturevalue(who)
    client = signed_in(member)
    assert client.get(reverse("boards")).status_code == 403
    assert client.post(address(board), {}).status_code == 403
    with pytest.raises(PermissionDenied):
        set_board_members(board=board, members=[], by=Actor.of(member))


def test_another_partnerships_board_is_not_there(board: Board, elsewhere: Partnership) -> None:
    outsider = signed_in(make_member(elsewhere, Role.ADMINISTRATOR, "Other Administrator"))
    assert outsider.get(address(board)).status_code == 404
    assert outsider.post(address(board), {}).status_code == 404
    assert "Estuary" not in outsider.get(reverse("boards")).content.decode()


def test_an_administrator_still_sees_no_report(board: Board, adam: Membership) -> None:
    report = BoardReport.objects.create(board=board, month=dt.date(2026, 10, 1), edition="board", state="published")
    assert not BoardReport.objects.visible_to(Actor.of(adam)).exists()
    assert signed_in(adam).get(reverse("report", args=[report.pk])).status_code == 403


def test_until_they_come_an_invited_member_is_who_the_invitation_says(
    board: Board, elsewhere: Partnership, adam: Membership
) -> None:
    """Their account may be another partnership's, and its name is not this administrator's to know."""
    there = make_member(elsewhere, Role.BOARD_MEMBER, "Aardvark Real")
    known = make_member(board.partnership, Role.BOARD_MEMBER, "Gwen Archer")
    invited = invite(
        name="Zoe Typed", email=there.user.email, role=Role.BOARD_MEMBER, organisation=None,
        starts_on=dt.date(2020, 1, 1), ends_on=None, by=Actor.of(adam),
    )  # fmt: skip
    set_board_members(board=board, members=[invited, known], by=Actor.of(adam))
    client = signed_in(adam)
    for page in (reverse("boards"), address(board)):
        shown = client.get(page).content.decode()
        assert "Aardvark" not in shown
        assert 0 < shown.index("Gwen Archer") < shown.index("Zoe Typed"), "nor may the order tell it"
    assert "Aardvark" not in str(Membership.objects.get(pk=invited.pk))
    signed_in(there)
    shown = client.get(reverse("boards")).content.decode()
    assert "Aardvark Real" in shown and "Zoe Typed" not in shown
