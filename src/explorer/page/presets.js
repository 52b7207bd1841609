// Ready examples: the same scenarios as the run files of these names.

export const PRESETS = [
  {
    id: "decentralised",
    nb: "Desentralisert sykepleie",
    en: "Decentralised nursing",
    about_nb: "40 studieplasser i året i Finnmark, flyttet fra Oslo eller nye",
    about_en: "40 study places a year in Finnmark, moved from Oslo or new",
    view: { profession: "nurse", zone: "finnmark", measure: "supply_fte", year: 2035 },
    scenario: [
      {
        name: "moved",
        title_nb: "40 plasser flyttet fra Oslo",
        title_en: "40 places moved from Oslo",
        policy: [{
          use: "decentralised_nursing_education",
          places: 40,
          zones: ["finnmark"],
          taken_from: ["oslo"],
        }],
      },
      {
        name: "new",
        title_nb: "40 nye plasser",
        title_en: "40 new places",
        policy: [{ use: "decentralised_nursing_education", places: 40, zones: ["finnmark"] }],
      },
    ],
  },
  {
    id: "distance",
    nb: "Utdanning ved siden av jobb",
    en: "Education beside a job",
    about_nb: "Helsefagarbeidere blir sykepleiere uten å flytte",
    about_en: "Nursing associates become nurses without moving",
    view: { profession: "nurse", zone: "rural", measure: "supply_fte", year: 2035 },
    scenario: [
      {
        name: "places",
        title_nb: "Flere i utdanning ved siden av jobb",
        title_en: "More study beside the job",
        policy: [{ use: "nursing_distance_at_work" }],
      },
      {
        name: "places-rural",
        title_nb: "Det samme, bare i distriktene",
        title_en: "The same, in rural zones alone",
        policy: [{ use: "nursing_distance_at_work", zones: ["rural"] }],
      },
    ],
  },
  {
    id: "mentoring",
    nb: "Mentor for nyutdannede",
    en: "Mentors for new graduates",
    about_nb: "En erfaren kollega de to første årene i kommunen",
    about_en: "An experienced colleague in the first two municipal years",
    view: { profession: "nurse", zone: "rural", measure: "supply_fte", year: 2030 },
    scenario: [
      {
        name: "mentoring",
        title_nb: "Mentorordning i kommunene",
        title_en: "Mentoring in the municipalities",
        policy: [{ use: "mentor_scheme" }],
      },
      {
        name: "mentoring-rural",
        title_nb: "Bare i distriktskommunene, 80 %",
        title_en: "Rural municipalities alone, 80 %",
        policy: [{ use: "mentor_scheme", zones: ["rural"], coverage: 0.8 }],
      },
    ],
  },
];
