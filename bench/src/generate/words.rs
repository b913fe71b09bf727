//! What people write into calendars: titles, places, names and sentences, already escaped where needed.

pub(super) const TITLES: &[&str] = &[
    "Weekly planning",
    "Budget review Q3",
    "Lunch with Jo",
    "Zahnarzt",
    "Flight to Lisbon (LH 1166)",
    "1:1 Ann / Ben",
    "Réunion d’équipe",
    "Release 4.2 go/no-go",
    "Interview: backend engineer\\, second round",
    "Ausflug nach Köln",
    "Board meeting",
    "🎂 Birthday party",
    "Customer call – Example GmbH",
    "Stand-up",
    "Kino",
    "Training: first aid\\; bring your card",
    "定例会議",
    "School holidays",
];

pub(super) const PLACES: &[&str] = &[
    "Room 4.12",
    "Besprechungsraum Süd",
    "https://meet.example.com/abc-defg-hij",
    "Microsoft Teams Meeting",
    "12 Example Street\\, Springfield\\, 01234",
    "Café Exemple\\, 3 rue de l’Exemple\\, 75000 Paris",
    "Online",
    "Hall B",
];

pub(super) const PEOPLE: &[(&str, &str)] = &[
    ("Ann Example", "ann"),
    ("Ben Muster", "ben.muster"),
    ("Doe, Jo", "jo.doe"),
    ("Chloé Dupont", "chloe"),
    ("Dmitri Ivanov", "d.ivanov"),
    ("Eve Long-Surname-Withhyphens", "eve.long-surname"),
    ("佐藤 花子", "hanako"),
    ("Room 4.12", "room-4-12"),
    ("Gül Öztürk", "gul"),
    ("Hana Novak", "hana.novak"),
    ("Ivo", "ivo"),
    ("Jean-Luc Modèle", "jl.modele"),
];

pub(super) const SENTENCES: &[&str] = &[
    "Please read the draft before we meet\\, it is short.",
    "The slides of last time are in the usual folder.",
    "Agenda:\\n1. Figures\\n2. Open points\\n3. Any other business",
    "<p>Dear all\\,</p><p>the room has changed\\; see above.</p>",
    "Join from PC or phone: https://meet.example.com/j/98765432100?pwd=ZXhhbXBsZQ",
    "Bitte die Unterlagen bis Donnerstag hochladen\\, danke für die Mühe.",
    "Meeting ID: 987 654 321 00\\nPasscode: 123456",
    "________________________________________________________________________________\\n",
    "Il faut apporter une pièce d’identité.",
    "See \\\\fileserver\\projects\\plan.xlsx for the numbers.",
    "Nobody needs to prepare anything for this.",
    "Tickets are at the desk under the name Example.",
    "-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~::~:~::-",
];

pub(super) const CATEGORIES: &[&str] =
    &["Work", "Private", "Travel", "Red category", "Familie", "Important,Work", "Sport"];
