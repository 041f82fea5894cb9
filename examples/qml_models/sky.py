"""What the observatory knows."""

STATIONS = (
    ("Paranal", 2635),
    ("Mauna Kea", 4207),
    ("La Palma", 2396),
    ("Zugspitze", 2962),
    ("Pic du Midi", 2877),
    ("Sutherland", 1798),
    ("Siding Spring", 1165),
)
OBSERVED = (
    "A meteor in the north-east",
    "Clouds over Siding Spring",
    "A satellite crosses Lyra",
    "Occultation of a star by (704) Interamnia",
    "The seeing at Paranal is 0.5″",
    "Variable star V Sagittae brightens",
    "The Moon rises",
)
SKY = {
    "Orion": ("Betelgeuse", "Rigel", "Bellatrix", "Alnilam", "Alnitak", "Mintaka", "Saiph"),
    "Lyra": ("Vega", "Sheliak", "Sulafat"),
    "Ursa Major": ("Dubhe", "Merak", "Phecda", "Megrez", "Alioth", "Mizar", "Alkaid"),
    "Cygnus": ("Deneb", "Albireo", "Sadr"),
    "Scorpius": ("Antares", "Shaula", "Sargas"),
    "Cassiopeia": ("Schedar", "Caph", "Navi", "Ruchbah", "Segin"),
}
