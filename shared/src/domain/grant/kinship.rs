//! Kinship, for display and for export. It gives no right.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! kinship {
    ($($variant:ident $code:ident $en:literal $es:literal;)*) => {
        /// What somebody is to a member, by HL7 v3 RoleCode: every code of `_PersonalRelationshipRoleType`, and `RESPRSN` for
        /// somebody who is no kin, such as a caseworker. The legal ground is another field.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "UPPERCASE")]
        pub enum Relationship {
            $(#[doc = $en] $variant,)*
        }

        impl Relationship {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code as HL7 writes it.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($code),)*
                }
            }

            /// The word in English.
            #[must_use]
            pub const fn in_english(self) -> &'static str {
                match self {
                    $(Self::$variant => $en,)*
                }
            }

            /// The word in Spanish.
            #[must_use]
            pub const fn in_spanish(self) -> &'static str {
                match self {
                    $(Self::$variant => $es,)*
                }
            }
        }
    };
}

kinship! {
    Fammemb FAMMEMB "family member" "familiar";
    Child CHILD "child" "hijo o hija";
    Chldadopt CHLDADOPT "adopted child" "hijo o hija adoptivos";
    Dauadopt DAUADOPT "adopted daughter" "hija adoptiva";
    Sonadopt SONADOPT "adopted son" "hijo adoptivo";
    Chldfost CHLDFOST "foster child" "hijo o hija de acogida";
    Daufost DAUFOST "foster daughter" "hija de acogida";
    Sonfost SONFOST "foster son" "hijo de acogida";
    Dauc DAUC "daughter" "hija";
    Dau DAU "natural daughter" "hija biológica";
    Stpdau STPDAU "stepdaughter" "hijastra";
    Nchild NCHILD "natural child" "hijo o hija biológicos";
    Son SON "natural son" "hijo biológico";
    Sonc SONC "son" "hijo";
    Stpson STPSON "stepson" "hijastro";
    Stpchld STPCHLD "stepchild" "hijastro o hijastra";
    Ext EXT "member of the wider family" "pariente";
    Aunt AUNT "aunt" "tía";
    Maunt MAUNT "aunt on the mother's side" "tía materna";
    Paunt PAUNT "aunt on the father's side" "tía paterna";
    Cousn COUSN "cousin" "primo o prima";
    Mcousn MCOUSN "cousin on the mother's side" "primo o prima por parte de madre";
    Pcousn PCOUSN "cousin on the father's side" "primo o prima por parte de padre";
    Ggrprn GGRPRN "great-grandparent" "bisabuelo o bisabuela";
    Ggrfth GGRFTH "great-grandfather" "bisabuelo";
    Mggrfth MGGRFTH "great-grandfather on the mother's side" "bisabuelo materno";
    Pggrfth PGGRFTH "great-grandfather on the father's side" "bisabuelo paterno";
    Ggrmth GGRMTH "great-grandmother" "bisabuela";
    Mggrmth MGGRMTH "great-grandmother on the mother's side" "bisabuela materna";
    Pggrmth PGGRMTH "great-grandmother on the father's side" "bisabuela paterna";
    Mggrprn MGGRPRN "great-grandparent on the mother's side" "bisabuelo o bisabuela maternos";
    Pggrprn PGGRPRN "great-grandparent on the father's side" "bisabuelo o bisabuela paternos";
    Grndchild GRNDCHILD "grandchild" "nieto o nieta";
    Grnddau GRNDDAU "granddaughter" "nieta";
    Grndson GRNDSON "grandson" "nieto";
    Grprn GRPRN "grandparent" "abuelo o abuela";
    Grfth GRFTH "grandfather" "abuelo";
    Mgrfth MGRFTH "grandfather on the mother's side" "abuelo materno";
    Pgrfth PGRFTH "grandfather on the father's side" "abuelo paterno";
    Grmth GRMTH "grandmother" "abuela";
    Mgrmth MGRMTH "grandmother on the mother's side" "abuela materna";
    Pgrmth PGRMTH "grandmother on the father's side" "abuela paterna";
    Mgrprn MGRPRN "grandparent on the mother's side" "abuelo o abuela maternos";
    Pgrprn PGRPRN "grandparent on the father's side" "abuelo o abuela paternos";
    Inlaw INLAW "in-law" "familiar político";
    Chldinlaw CHLDINLAW "child-in-law" "yerno o nuera";
    Dauinlaw DAUINLAW "daughter-in-law" "nuera";
    Soninlaw SONINLAW "son-in-law" "yerno";
    Prninlaw PRNINLAW "parent-in-law" "suegro o suegra";
    Fthinlaw FTHINLAW "father-in-law" "suegro";
    Mthinlaw MTHINLAW "mother-in-law" "suegra";
    Sibinlaw SIBINLAW "sibling-in-law" "cuñado o cuñada";
    Broinlaw BROINLAW "brother-in-law" "cuñado";
    Sisinlaw SISINLAW "sister-in-law" "cuñada";
    Nieneph NIENEPH "niece or nephew" "sobrino o sobrina";
    Nephew NEPHEW "nephew" "sobrino";
    Niece NIECE "niece" "sobrina";
    Uncle UNCLE "uncle" "tío";
    Muncle MUNCLE "uncle on the mother's side" "tío materno";
    Puncle PUNCLE "uncle on the father's side" "tío paterno";
    Prn PRN "parent" "padre o madre";
    Adoptp ADOPTP "adoptive parent" "padre o madre adoptivos";
    Adoptf ADOPTF "adoptive father" "padre adoptivo";
    Adoptm ADOPTM "adoptive mother" "madre adoptiva";
    Fth FTH "father" "padre";
    Fthfost FTHFOST "foster father" "padre de acogida";
    Nfth NFTH "natural father" "padre biológico";
    Nfthf NFTHF "natural father before birth" "padre biológico antes del nacimiento";
    Stpfth STPFTH "stepfather" "padrastro";
    Mth MTH "mother" "madre";
    Gestm GESTM "gestational mother" "madre gestante";
    Mthfost MTHFOST "foster mother" "madre de acogida";
    Nmth NMTH "natural mother" "madre biológica";
    Nmthf NMTHF "natural mother before birth" "madre biológica antes del nacimiento";
    Stpmth STPMTH "stepmother" "madrastra";
    Nprn NPRN "natural parent" "padre o madre biológicos";
    Prnfost PRNFOST "foster parent" "padre o madre de acogida";
    Stpprn STPPRN "stepparent" "padrastro o madrastra";
    Sib SIB "sibling" "hermano o hermana";
    Bro BRO "brother" "hermano";
    Hbro HBRO "half-brother" "medio hermano";
    Nbro NBRO "natural brother" "hermano biológico";
    Twinbro TWINBRO "twin brother" "hermano gemelo";
    Ftwinbro FTWINBRO "fraternal twin brother" "hermano mellizo";
    Itwinbro ITWINBRO "identical twin brother" "hermano gemelo idéntico";
    Stpbro STPBRO "stepbrother" "hermanastro";
    Hsib HSIB "half-sibling" "medio hermano o media hermana";
    Hsis HSIS "half-sister" "media hermana";
    Nsib NSIB "natural sibling" "hermano o hermana biológicos";
    Nsis NSIS "natural sister" "hermana biológica";
    Twinsis TWINSIS "twin sister" "hermana gemela";
    Ftwinsis FTWINSIS "fraternal twin sister" "hermana melliza";
    Itwinsis ITWINSIS "identical twin sister" "hermana gemela idéntica";
    Twin TWIN "twin" "gemelo o gemela";
    Ftwin FTWIN "fraternal twin" "mellizo o melliza";
    Itwin ITWIN "identical twin" "gemelo o gemela idénticos";
    Sis SIS "sister" "hermana";
    Stpsis STPSIS "stepsister" "hermanastra";
    Stpsib STPSIB "stepsibling" "hermanastro o hermanastra";
    Sigothr SIGOTHR "partner" "pareja";
    Dompart DOMPART "domestic partner" "pareja de hecho";
    Fmrsps FMRSPS "former spouse" "excónyuge";
    Sps SPS "spouse" "cónyuge";
    Husb HUSB "husband" "esposo";
    Wife WIFE "wife" "esposa";
    Frnd FRND "friend" "amigo o amiga";
    Nbor NBOR "neighbor" "vecino o vecina";
    Oneself ONESELF "the client" "el propio cliente";
    Room ROOM "roommate" "compañero o compañera de vivienda";
    Resprsn RESPRSN "responsible party" "persona responsable";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_written_as_hl7_writes_it_and_has_words_of_its_own() {
        assert_eq!(Relationship::ALL.len(), 110, "109 of the code system, and RESPRSN");
        let mut words = BTreeSet::new();
        for kinship in Relationship::ALL {
            assert_eq!(serde_json::to_value(kinship).unwrap(), kinship.code());
            assert!(words.insert(kinship.in_english()), "{kinship:?}");
            assert!(words.insert(kinship.in_spanish()), "{kinship:?}");
        }
    }
}
