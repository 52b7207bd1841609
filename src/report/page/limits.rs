//! What the model cannot say, and what this page does not show.

use super::markup::{Section, heading, list};
use crate::picture::Both;

/// What the model cannot say, as README tells it, shorter.
const LIMITS: [(&str, &str); 8] = [
    (
        "De fleste virkninger av tiltak er antakelser (grad D, lagt nær ingen virkning). Det som er kjent, gjelder dem som selv valgte å delta, og er halvert for det; kostnadene er stort sett anslått, med en faktor fra 0,3 til 3.",
        "Most effects of policies are assumptions (grade D, centred near no effect). What is known is of those who chose to take part, and halved for that; costs are mostly assumed, with a factor of 0.3 to 3.",
    ),
    (
        "Nye studieplasser fylles av noen: hvem som ellers ville ha studert et annet sted, er ett tall (grad D).",
        "Added places are filled by somebody: who would have gone elsewhere is one number (grade D).",
    ),
    (
        "Etterspørselen er en norm og ikke et varsel: HELSEMODs forutsetninger ført ned på soner. Hvordan stillinger følger den, hviler på antakelser av grad D.",
        "Need is a norm, not a forecast: HELSEMOD's assumptions carried to zones. How posts follow it rests on assumptions of grade D.",
    ),
    (
        "Ingen kilde gir bruttostrømmer mellom sektorer, avgang etter ansiennitet, fullføring etter utdanning eller gjenutvandring. De parameterne er vide antakelser.",
        "No source gives gross flows between sectors, hazards by seniority, completion by programme or re-emigration. Those parameters are wide assumptions.",
    ),
    (
        "Der en yrkesgruppe er langt fra HELSEMOD, er årsaken ulike forutsetninger om hvem som kommer inn, ikke bedre kunnskap.",
        "Where a profession is far from HELSEMOD, the cause is different entry assumptions, not better knowledge.",
    ),
    (
        "Etter 2021 er strømmene mellom sektorer en forlengelse av 2015–2021. Tilbakeblikkene fra 2015 er for sikre: omtrent 60 prosent av 95-prosentintervallene rommer det som kom.",
        "Past 2021 the flows between sectors extend those of 2015–2021. The hindcasts from 2015 are too sure: of the 95 per cent intervals about 60 per cent hold what came.",
    ),
    (
        "Bånd for en enkelt sone og yrkesgruppe er brede fordi tallene er små. Det er virkelig.",
        "Bands of a single zone and profession are wide because the numbers are small. That is real.",
    ),
    (
        "Innvandring, pensjon og studieplasser følger dagens regler i alle år, om ikke kjøringen endrer dem.",
        "Immigration, pensions and study places follow today's rules for all years, unless the run changes them.",
    ),
];

/// A part that the folder has nothing for, and the run that would give it.
pub type Missing = (Both, Both);

/// The section.
pub fn section(missing: &[Missing]) -> Section {
    let mut section = Section::new(
        "limits",
        "Hva modellen ikke kan si",
        "What the model cannot say",
    );
    section
        .body
        .push_str(&list(&LIMITS.map(|(nb, en)| Both::new(nb, en))));
    if !missing.is_empty() {
        section.body.push_str(&heading(&Both::new(
            "Hva denne rapporten ikke viser",
            "What this report does not show",
        )));
        let told = missing.iter().map(|(what, how)| {
            Both::new(
                format!("{}: {}", what.nb, how.nb),
                format!("{}: {}", what.en, how.en),
            )
        });
        section.body.push_str(&list(&told.collect::<Vec<_>>()));
    }
    section
}
