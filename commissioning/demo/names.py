"""Invented names and words of the example partnership."""


def _words(text: str) -> list[str]:
    return text.split()


GIVEN = _words(
    """
    Ama Amir Anita Arthur Asha Ben Beth Bilal Carl Carys Cerys Chloe Connor Daisy Daniel Dev Dylan Eddie Ella
    Ewan Faith Fatima Finlay Freya Gareth George Grace Hamza Harriet Hassan Helen Hugo Idris Imogen Ivan Jade
    Jamal James Jasmin Joel Kai Karen Kieran Kofi Lara Leah Leo Liam Lily Lucas Mabel Maisie Malik Marcus Maya
    Megan Mina Musa Nadia Naomi Nathan Neil Noor Oscar Owen Paula Peter Poppy Priya Rachel Rafi Rhys Rosa Ruby
    Ryan Sadie Sam Sasha Sean Shauna Simon Sofia Stuart Tamsin Tariq Terry Tess Tom Una Vera Victor Wendy Will
    Yasmin Yusuf Zara Zoe
    """
)
FAMILY = _words(
    """
    Abbott Aziz Barlow Begum Boateng Brook Carver Chowdhury Clay Cooper Dale Desai Drew Ellery Farrow Finch
    Fisher Garside Ghosh Gill Hale Hart Holt Hussain Iqbal Jarvis Kaur Keane Khan Lamb Lawal Lyon Marsh Mensah
    Mistry Moss Nash Noble North Okoro Osei Page Parekh Patel Pike Pollard Quinn Rahman Reed Rowe Sallow Sharp
    Shaw Silva Stone Tarrant Thorne Tully Underhill Vale Wade Walsh Webb West Wren Yates Young
    """
)
PROVIDERS = (
    "Tidewater Care",
    "Larkrise Living",
    "Harbour Row Homes",
    "Kestrel Homes",
    "Saltmarsh Support",
    "Beacon Street Support",
    "Alder House Care",
    "Brightwater Support",
    "Fern Bank Care Home",
    "Northfield Lodge",
    "Sandhills Nursing",
    "Willow Court",
    "Cobble Lane Support",
    "Estuary Shared Lives",
    "Gull Point Care",
    "Hazel Grove Care Home",
    "Ivy House",
    "Juniper Support",
    "Mariners Rest Nursing",
    "Orchard Gate",
    "Quayside Days",
    "Redstart Support",
)
STREETS = ("DN31 1QX", "DN32 7HT", "DN33 2PB", "DN34 5LD", "DN35 8AR", "DN36 4TN", "DN37 9JE", "DN40 2ES", "LN8 3RU")
FAR = ("NR30 4GH", "S71 2RT", "PE21 6YB", "HU17 8DL")

MATTERS = (
    "My own kettle and my own front door key",
    "Seeing my sister on Sundays",
    "Music, loud, in the morning",
    "Being asked, not told",
    "My cat",
    "Football on Saturdays with Dad",
    "Swimming when it is quiet",
    "Choosing what I wear",
    "Trains, all of them",
    "Going to church with my aunt",
    "My garden and my tomatoes",
    "Having a lie-in on Mondays",
)
SUPPORT = (
    "Two people I know, near but not crowding",
    "Tell me before plans change",
    "Outdoors first when I am upset",
    "Give me ten seconds to answer",
    "Show me a picture of what is next",
    "Do not talk about me while I am in the room",
    "Keep the house quiet after nine",
    "Let me carry my own shopping and money",
)
GOOD_DAYS = (
    "A walk by the sea, chips, and a film I chose.",
    "Feed the goats, lunch outside, Mum in the evening.",
    "Nothing rushed. The bus to town and back with time for cake.",
    "Work in the morning, then my headphones and nobody asking.",
)
BAD_DAYS = (
    "Noise at night, strangers, waiting without knowing why.",
    "New staff who have not read this. Being hurried.",
    "When the bus is full. When people laugh and I do not know why.",
    "Doctors without warning. My room being changed.",
)
SPEAK = (
    "Short sentences. One thing at a time.",
    "Wait. Count to ten before you ask again.",
    "I use Makaton for feelings.",
    "Use my picture book on the kitchen table.",
    "I may say yes when I mean no. Ask me another way.",
    "Write it down for me, large and clear.",
    "Do not phone me. Come and see me, or send a photo.",
    "Speak to me, not to the person beside me.",
)
GOALS = (
    ("Relationships", "I want to see my family every week"),
    ("Home", "I want to choose who I live with"),
    ("Home", "I want to cook my own tea"),
    ("Choice and control", "I want to look after my own money"),
    ("Community", "I want a job, even a small one"),
    ("Community", "I want to go to the football on my own two feet"),
    ("Learning", "I want to read bus timetables"),
    ("Feeling well", "I want to sleep through the night"),
    ("Health", "I want to come off the tablets that make me sleepy"),
    ("Rights", "I want to vote"),
    ("Relationships", "I want a girlfriend"),
    ("Learning", "I want to learn to swim"),
)
DOING = (
    "Went to the market and chose flowers",
    "Fed the ducks and had a picnic",
    "Sang with the choir",
    "Had their brother to stay",
    "Cooked curry for the house",
    "Joined the walking group again",
    "Helped at the allotment",
    "Went bowling with friends",
)
INCIDENT_NOTES = (
    "Shouted and pushed when the bus was late. Walked it off in the park; fine by tea.",
    "Hit the wall after a visitor came without warning. Picture of who is coming now on the fridge.",
    "Left the house at night. Found at the harbour, cold. Door chime fitted with agreement.",
    "Broke a plate. Noise from next door. Headphones offered sooner now.",
    "Bit own hand. Toothache, dentist seen next day.",
)
