"""Names to draw from: our own rough frequency tables, the commonest first; nobody's list of people.

Within a list the chance of a name falls as 1 / (rank + offset), the usual shape of name counts (Zipf, Mandelbrot). The
long tail of English surnames is composed from the elements that place names are made of, so that a rare surname is
rare here too. Forenames go by sex, ethnic group and generation; a surname by ethnic group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORENAMES: dict[tuple[str, str], str] = {
    ("F", "old"): """Margaret Jean Mary Patricia Joan Sheila Barbara Christine Maureen Dorothy Pamela Brenda Ann Janet
        Jacqueline Shirley Joyce Doreen June Valerie Rita Sylvia Beryl Hazel Gillian Marion Pauline Josephine Audrey
        Eileen Iris Jill Kathleen Linda Elizabeth Susan Carol Judith Sandra Wendy Rosemary Heather Irene Norma Thelma
        Peggy Gladys Vera Ivy Edith Winifred Hilda Olive Betty Rose Frances Catherine Ruth Anne Veronica""",
    ("F", "middle"): """Susan Julie Karen Jacqueline Deborah Tracey Jane Helen Diane Sharon Alison Amanda Sarah Nicola
        Joanne Claire Lisa Michelle Dawn Angela Debra Samantha Louise Emma Victoria Rachel Rebecca Kerry Donna Lesley
        Elaine Paula Lorraine Beverley Anita Caroline Catherine Fiona Maria Marie Mandy Teresa Tina Wendy Yvonne Andrea
        Anna Katherine Kelly Zoe Natalie Leanne Gemma Natasha Melanie Vanessa Heidi Sally Kim Ruth Suzanne Hayley""",
    ("F", "young"): """Emily Olivia Amelia Jessica Chloe Sophie Grace Lucy Charlotte Ella Mia Lily Isabella Ruby Poppy
        Freya Evie Megan Hannah Lauren Bethany Ellie Holly Molly Abigail Daisy Millie Georgia Eleanor Isla Ava Scarlett
        Phoebe Erin Summer Matilda Florence Elsie Willow Rosie Harriet Alice Amber Imogen Maisie Esme Jasmine Eva
        Sienna Harper Ivy Penelope Bella Layla Eliza Caitlin Paige Courtney Shannon Jade Amy Zara Nancy Martha""",
    ("M", "old"): """John Peter William James Ronald George Robert Kenneth David Brian Derek Dennis Raymond Alan Roy
        Donald Michael Terence Anthony Leonard Gordon Arthur Albert Edward Frederick Norman Eric Stanley Ernest Harold
        Douglas Roger Colin Keith Geoffrey Trevor Barry Malcolm Graham Gerald Bernard Frank Victor Cyril Reginald
        Sidney Walter Leslie Maurice Charles Thomas Richard Patrick Clifford Herbert Percy Francis Joseph Henry Ivan""",
    ("M", "middle"): """David Paul Andrew Mark John Michael Stephen Ian Robert Richard Christopher Peter Simon Anthony
        Kevin Gary Steven Martin James Philip Alan Neil Nigel Timothy Colin Graham Jonathan Nicholas William Adrian
        Brian Stuart Keith Thomas Patrick Sean Carl Trevor Wayne Shaun Kenneth Barry Derek Dean Raymond Antony Jeremy
        Joseph Edward Lee Daniel Matthew Darren Jason Scott Craig Stewart Benjamin Ryan Adam Gareth Russell Justin""",
    ("M", "young"): """Oliver Jack Harry George Jacob Charlie Thomas Oscar William James Joshua Daniel Alfie Samuel
        Joseph Archie Max Ethan Logan Alexander Benjamin Lucas Isaac Edward Freddie Henry Leo Theo Luke Jake Dylan
        Callum Connor Liam Ryan Nathan Lewis Tyler Matthew Cameron Harvey Riley Mason Toby Sebastian Jayden Finley
        Arthur Reuben Louie Albie Stanley Ronnie Teddy Hugo Elliot Bobby Jude Frankie Tommy Reggie Jenson Kai Owen""",
    ("F", "asian"): """Fatima Aisha Maryam Zainab Priya Khadija Anjali Sana Amina Nadia Saima Deepa Meena Sunita Kiran
        Farah Rukhsana Parveen Shabana Nasreen Lakshmi Kavita Neha Pooja Ritu Samina Tahira Bushra Halima Yasmin Mei
        Ling Xin Hui Noor Hafsa Ayesha Sumaiya Sonia Rekha Jaswinder Harpreet Gurpreet Manjit Simran Iqra Lubna""",
    ("M", "asian"): """Mohammed Muhammad Ahmed Ali Imran Abdul Usman Hassan Ibrahim Yusuf Bilal Tariq Asif Rajesh Sanjay
        Amit Raj Vijay Arjun Suresh Ramesh Anil Sunil Deepak Harpreet Gurpreet Manjit Jaspal Balwinder Kamran Nadeem
        Shahid Zahid Khalid Omar Faisal Hamza Zain Wei Jun Ming Hao Adnan Junaid Kashif Naveed Rizwan Salman""",
    ("F", "black"): """Grace Blessing Mercy Esther Abena Ama Akosua Adjoa Chioma Ngozi Folake Yetunde Bukola Funmilayo
        Temitope Amara Chidinma Precious Comfort Patience Joy Faith Gloria Victoria Beatrice Naomi Ruth Deborah
        Shanice Chantelle Keisha Ebony Jasmine Aaliyah Efua Esi Yaa Ifeoma Nkechi Adaeze Rukayat Fatou Mariama""",
    ("M", "black"): """Emmanuel Samuel Daniel David Kwame Kofi Kwabena Yaw Kwaku Chukwuemeka Oluwaseun Tunde Babatunde
        Femi Segun Kunle Emeka Obinna Ikenna Chidi Tobi Ayo Dele Kwesi Nana Michael Joshua Elijah Isaiah Jerome
        Tyrone Marcus Leon Curtis Winston Desmond Clive Godfrey Prince Gift Moses Abraham Solomon Ibrahim Mamadou""",
}  # fmt: skip

SURNAMES: dict[str, str] = {
    "white": """Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White
        Roberts Green Hall Wood Jackson Clarke Harris Lewis Clark Martin Cooper Turner Hill Ward Moore King Baker
        Harrison Morris Morgan Allen Edwards Lee Watson Parker Bennett Young Cook Richardson Shaw Carter Collins
        Phillips Bailey Mitchell Marshall Kelly Murphy Cox Wilkinson Simpson Richards Webb Hughes Adams Mills Barker
        Fisher Palmer Rogers Stevens Murray Knight Mason Russell Hunt Ellis Butler Foster Gibson Reynolds Chapman
        Grant Stone Andrews Howard Dixon Pearce Day Newman Payne Harvey Fox Barnes Lawrence Fuller Perry Cole Reed
        Burton Carr West Saunders Armstrong Burns Matthews Jenkins Lawson Gardner Rose Hart Rowe Bird May Wells Hayes
        Nicholls Francis Little Bishop Gilbert Sutton Bradley Goodwin Freeman Hammond Dean Tucker Norris Byrne Porter
        Doyle Gallagher Osborne Pope Frost Warren Holland Bull Winter Page Cross Peacock Marsh Field Brooks Long""",
    "asian": """Khan Patel Ahmed Singh Ali Hussain Begum Kaur Shah Akhtar Mohammed Islam Rahman Iqbal Malik Mahmood
        Chowdhury Miah Uddin Sharma Gill Kumar Rao Nair Thomas George Varghese Mathew Reddy Chen Wong Li Wang Zhang
        Choudhury Hassan Mirza Qureshi Siddiqui Butt Raja Aziz Bibi Mehta Joshi Desai Gupta Das Roy Sandhu Dhillon""",
    "black": """Adeyemi Mensah Okafor Williams Owusu Boateng Asante Johnson Osei Adebayo Okonkwo Brown Campbell Balogun
        Eze Nwosu Ogunleye Appiah Agyeman Amoah Campbell Thompson Clarke Grant Gordon Bello Ibrahim Mohamed Kamara
        Sesay Conteh Oyelaran Afolabi Olawale Ojo Lawal Danso Addo Quaye Antwi Moyo Ncube Sibanda Banda Phiri""",
}  # fmt: skip
ELEMENTS = (
    """Ash Thorn Black Whit Old New Brad Stan Ham Wood Har Lang Mid Nor Sut West East Hat Stoke Wal Ald Bar Bram
    Brook Burn Cal Car Chad Clay Cot Cran Cross Dal Den Dray Dun El Fair Far Fern Gold Grim Hal Hamp Haw Heath Hol
    Hurst Kings Led Long Mar Mill Mor Oak Pres Rad Red Rock Row Shel Ship Stam Strat Tun Wake Win Wool""",
    "ton ley ford ham worth well field bury wick den stead combe burn by thorpe more land dale ridge croft",
)
STREETS = (
    """High Church Station Mill Victoria Green Park Queens Kings Manor Albert London School Chapel Grange Windsor
    Alexandra George Springfield Highfield Meadow Orchard Beech Oak Elm Ash Willow Chestnut Hawthorn Rectory Southend
    Rayleigh Marine Cliff Estuary Wharf Rose Primrose Fairview Northfield Southfield Eastwood Westbourne Priory""",
    "Street Road Avenue Close Lane Drive Way Crescent Gardens Court Grove Place Terrace Walk Rise",
)
HOUSES = (
    "Limes Cedars Laurels Beeches Elms Firs Poplars Hollies Willows Gables Priory Grange Mount Haven Lodge"
)

OFFSET = {"forename": 8.0, "surname": 12.0}
COMPOSED_SHARE = 0.45
"""How much of the white population bears one of the composed, rarer surnames."""

OUTSIDE_NICKNAMES = {
    "Margaret": "Greta", "Elizabeth": "Lilibet", "Christopher": "Topher", "Alexander": "Xan", "Charlotte": "Lottie",
    "William": "Wim", "Richard": "Dickon", "Emmanuel": "Manny", "Mohammed": "Mo", "Frederick": "Fritz",
    "Sarah": "Sara", "Catherine": "Katharine", "Stephen": "Stevie", "Anne": "Nan", "Isabella": "Izzy",
}  # fmt: skip
"""Short forms that the linkage's own table does not know: agencies always have some."""


def zipf(count: int, offset: float) -> NDArray[np.float64]:
    """Chances that fall with rank and sum to one.

    >>> zipf(3, 1.0).round(2).tolist()
    [0.46, 0.31, 0.23]
    """
    weights = 1.0 / (np.arange(count) + 1.0 + offset)
    return np.asarray(weights / weights.sum(), np.float64)


def surnames_of(group: str) -> tuple[list[str], NDArray[np.float64]]:
    """The surnames of an ethnic group and the chance of each; a mixed or other group draws from all."""
    if group in ("mixed", "other"):
        parts = [surnames_of(name) for name in ("white", "asian", "black")]
        return [n for names, _ in parts for n in names], np.concatenate([chance / 3 for _, chance in parts])
    names = list(dict.fromkeys(SURNAMES[group].split()))
    chance = zipf(len(names), OFFSET["surname"])
    if group != "white":
        return names, chance
    first, second = (part.split() for part in ELEMENTS)
    composed = [f"{a}{b}" for b in second for a in first]
    rare = zipf(len(composed), 300.0)
    return names + composed, np.concatenate([chance * (1 - COMPOSED_SHARE), rare * COMPOSED_SHARE])


def forenames_of(sex: str, group: str, generation: str) -> tuple[list[str], NDArray[np.float64]]:
    """The forenames of a sex, ethnic group and generation (old, middle, young), and the chance of each."""
    if group in ("asian", "black"):
        names = list(dict.fromkeys(FORENAMES[sex, group].split()))
        return names, zipf(len(names), OFFSET["forename"])
    names = list(dict.fromkeys(FORENAMES[sex, generation].split()))
    chance = zipf(len(names), OFFSET["forename"])
    if group == "white":
        return names, chance
    parts = [forenames_of(sex, name, generation) for name in ("asian", "black")]
    return (
        names + [n for part, _ in parts for n in part],
        np.concatenate([chance * 0.5, *(part * 0.25 for _, part in parts)]),
    )
