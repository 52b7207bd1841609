//! Where a person stands: status, sector, position band, sex, track, disability grade.

/// A numbered list of words with a stable identifier each, as used in data files and outputs.
macro_rules! word_list {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $number:literal, $id:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant = $number,)+ }

        impl $name {
            /// All of them, in numerical order.
            pub const ALL: &[$name] = &[$($name::$variant,)+];

            /// The identifier used in data files and outputs.
            pub fn id(self) -> &'static str {
                match self { $($name::$variant => $id,)+ }
            }

            /// The one with this identifier, if any.
            pub fn of_id(id: &str) -> Option<$name> {
                match id { $($id => Some($name::$variant),)+ _ => None }
            }

            /// The one with this number; numbers outside the list give the last one.
            #[inline(always)]
            pub fn of_number(number: u8) -> $name {
                match number {
                    $($number => $name::$variant,)+
                    _ => Self::ALL[Self::ALL.len() - 1],
                }
            }

            /// Position in lists and tables.
            pub fn index(self) -> usize {
                self as usize
            }
        }
    };
}

word_list! {
    /// The sector (sektor) of a person's job, or of the last job held.
    Sector {
        /// Municipal health and care (kommunal helse- og omsorgstjeneste), general practice included.
        Municipal = 0, "municipal";
        /// Hospitals and other specialist services (spesialisthelsetjenesten).
        Hospital = 1, "hospital";
        /// Other health: dental care, private practice and laboratories, pharmacies.
        OtherHealth = 2, "other_health";
        /// Work outside health and care (andre næringer).
        OtherSectors = 3, "other_sectors";
    }
}

impl Sector {
    /// Is this sector part of health and care services, as the national projection counts them?
    pub const fn is_health(self) -> bool {
        !matches!(self, Sector::OtherSectors)
    }
}

word_list! {
    /// What a person does on 1 December. The job's sector is kept apart, see [`Sector`].
    Status {
        /// At work in the person's sector (part-time study beside the job included).
        Working = 0, "working";
        /// In full-time education (under utdanning).
        Education = 1, "education";
        /// Neither in work nor in education (utenfor arbeid).
        OutsideWork = 2, "outside_work";
        /// On long sick leave from the job (langtidssykmeldt); the job is kept.
        SickLeave = 3, "sick_leave";
        /// On full disability pension (uføretrygd 100 %).
        DisabilityPension = 4, "disability_pension";
        /// On old-age pension (alderspensjon, AFP).
        OldAgePension = 5, "old_age_pension";
        /// Living abroad, remembered so that the person can return.
        Emigrated = 6, "emigrated";
        /// No longer in the model (dead, 75 years old, or out of scope); the slot is free.
        Gone = 7, "gone";
    }
}

impl Status {
    /// Does the person hold a job (at work or on sick leave from it)?
    pub const fn is_employed(self) -> bool {
        matches!(self, Status::Working | Status::SickLeave)
    }

    /// Is the person counted among the people in the country?
    pub const fn is_present(self) -> bool {
        !matches!(self, Status::Emigrated | Status::Gone)
    }
}

word_list! {
    /// Position band (stillingsprosent): the contracted share of a full-time post.
    Band {
        /// Below 50 %.
        Under50 = 0, "under_50";
        /// 50 to 69 %.
        From50 = 1, "50_69";
        /// 70 to 89 %.
        From70 = 2, "70_89";
        /// 90 to 99 %.
        From90 = 3, "90_99";
        /// A full post.
        Full = 4, "100";
    }
}

word_list! {
    /// Registered sex.
    Sex {
        /// Female.
        Female = 0, "female";
        /// Male.
        Male = 1, "male";
    }
}

word_list! {
    /// Education track (utdanningsvei).
    Track {
        /// On campus (stedbasert).
        Campus = 0, "campus";
        /// Decentralised (desentralisert): taught at a study centre in the region.
        Decentralised = 1, "decentralised";
        /// Distance or session-based (samlingsbasert), mostly beside a job.
        Distance = 2, "distance";
        /// Educated abroad.
        Abroad = 3, "abroad";
    }
}

word_list! {
    /// Disability pension held (uføregrad). A person on 50 % can work part-time beside it.
    Disability {
        /// None.
        None = 0, "none";
        /// Graded, about half.
        Half = 1, "half";
        /// Full.
        Full = 2, "full";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_and_numbers_lead_back_to_the_word() {
        for &s in Status::ALL {
            assert_eq!(Status::of_id(s.id()), Some(s));
            assert_eq!(Status::of_number(s as u8), s);
        }
        for &b in Band::ALL {
            assert_eq!(Band::of_number(b as u8), b);
        }
        assert_eq!(Sector::of_id("mars"), None);
    }
}
