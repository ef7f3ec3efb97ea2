//! Names of zones beside those of the IANA database: what Windows and Rails call them.

use jiff::tz::TimeZoneDatabase;

use crate::error::Found;

/// A name that no zone has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone {found}; {}", self.way_out())]
pub struct UnknownZone {
    /// The name as written, shortened.
    pub found: Found,
    /// The name in the IANA database that is most like it, if one is like it at all.
    pub nearest: Option<String>,
}

impl UnknownZone {
    pub(crate) fn new(name: &str) -> Self {
        Self { found: Found::text(name), nearest: nearest(name) }
    }

    fn way_out(&self) -> String {
        match &self.nearest {
            Some(name) => format!("did you mean {name}?"),
            None => "write one like Europe/Berlin, or UTC".to_owned(),
        }
    }
}

/// The IANA name of a zone that Windows or Rails calls so, in whatever case.
pub(crate) fn elsewhere(name: &str) -> Option<&'static str> {
    let lower = |name: &str| name.to_ascii_lowercase();
    let name = lower(name);
    let place = NAMES.binary_search_by(|(known, _)| lower(known).cmp(&name)).ok()?;
    Some(NAMES[place].1)
}

/// The name in the IANA database whose last part is most like that of this one.
fn nearest(name: &str) -> Option<String> {
    if name.chars().count() > 60 {
        return None;
    }
    let name = name.trim().to_ascii_lowercase().replace(' ', "_");
    let city = name.rsplit('/').next().unwrap_or(&name);
    let like = |known: &str| {
        let known = known.to_ascii_lowercase();
        let known_city = known.rsplit('/').next().unwrap_or(&known);
        // of two alike in the city, the one alike in all of it
        (strsim::jaro_winkler(city, known_city), strsim::jaro(&name, &known))
    };
    let known = TimeZoneDatabase::bundled();
    let likely = known.available().map(|known| (like(known.as_str()), known.as_str().to_owned()));
    let likely = likely.filter(|((likeness, _), known)| *likeness > 0.9 && known.contains('/'));
    likely.max_by(|(a, _), (b, _)| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))).map(|(_, known)| known)
}

/// What Windows calls zones (Unicode CLDR, `windowsZones.xml`, territory 001), and what Rails does
/// (`ActiveSupport::TimeZone::MAPPING`), with the IANA name; in alphabetical order whatever the case.
const NAMES: [(&str, &str); 291] = [
    ("Abu Dhabi", "Asia/Muscat"),
    ("Adelaide", "Australia/Adelaide"),
    ("Afghanistan Standard Time", "Asia/Kabul"),
    ("Alaska", "America/Juneau"),
    ("Alaskan Standard Time", "America/Anchorage"),
    ("Alberta Standard Time", "America/Edmonton"),
    ("Aleutian Standard Time", "America/Adak"),
    ("Almaty", "Asia/Almaty"),
    ("Altai Standard Time", "Asia/Barnaul"),
    ("American Samoa", "Pacific/Pago_Pago"),
    ("Amsterdam", "Europe/Amsterdam"),
    ("Arab Standard Time", "Asia/Riyadh"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Arabic Standard Time", "Asia/Baghdad"),
    ("Argentina Standard Time", "America/Buenos_Aires"),
    ("Arizona", "America/Phoenix"),
    ("Astana", "Asia/Dhaka"),
    ("Astrakhan Standard Time", "Europe/Astrakhan"),
    ("Athens", "Europe/Athens"),
    ("Atlantic Standard Time", "America/Halifax"),
    ("Atlantic Time (Canada)", "America/Halifax"),
    ("Auckland", "Pacific/Auckland"),
    ("AUS Central Standard Time", "Australia/Darwin"),
    ("Aus Central W. Standard Time", "Australia/Eucla"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("Azerbaijan Standard Time", "Asia/Baku"),
    ("Azores", "Atlantic/Azores"),
    ("Azores Standard Time", "Atlantic/Azores"),
    ("Baghdad", "Asia/Baghdad"),
    ("Bahia Standard Time", "America/Bahia"),
    ("Baku", "Asia/Baku"),
    ("Bangkok", "Asia/Bangkok"),
    ("Bangladesh Standard Time", "Asia/Dhaka"),
    ("Beijing", "Asia/Shanghai"),
    ("Belarus Standard Time", "Europe/Minsk"),
    ("Belgrade", "Europe/Belgrade"),
    ("Berlin", "Europe/Berlin"),
    ("Bern", "Europe/Zurich"),
    ("Bogota", "America/Bogota"),
    ("Bougainville Standard Time", "Pacific/Bougainville"),
    ("Brasilia", "America/Sao_Paulo"),
    ("Bratislava", "Europe/Bratislava"),
    ("Brisbane", "Australia/Brisbane"),
    ("British Columbia Standard Time", "America/Vancouver"),
    ("Brussels", "Europe/Brussels"),
    ("Bucharest", "Europe/Bucharest"),
    ("Budapest", "Europe/Budapest"),
    ("Buenos Aires", "America/Argentina/Buenos_Aires"),
    ("Cairo", "Africa/Cairo"),
    ("Canada Central Standard Time", "America/Regina"),
    ("Canberra", "Australia/Melbourne"),
    ("Cape Verde Is.", "Atlantic/Cape_Verde"),
    ("Cape Verde Standard Time", "Atlantic/Cape_Verde"),
    ("Caracas", "America/Caracas"),
    ("Casablanca", "Africa/Casablanca"),
    ("Caucasus Standard Time", "Asia/Yerevan"),
    ("Cen. Australia Standard Time", "Australia/Adelaide"),
    ("Central America", "America/Guatemala"),
    ("Central America Standard Time", "America/Guatemala"),
    ("Central Asia Standard Time", "Asia/Bishkek"),
    ("Central Brazilian Standard Time", "America/Cuiaba"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("Central Pacific Standard Time", "Pacific/Guadalcanal"),
    ("Central Standard Time", "America/Chicago"),
    ("Central Standard Time (Mexico)", "America/Mexico_City"),
    ("Central Time (US & Canada)", "America/Chicago"),
    ("Chatham Is.", "Pacific/Chatham"),
    ("Chatham Islands Standard Time", "Pacific/Chatham"),
    ("Chennai", "Asia/Kolkata"),
    ("Chihuahua", "America/Chihuahua"),
    ("China Standard Time", "Asia/Shanghai"),
    ("Chongqing", "Asia/Chongqing"),
    ("Copenhagen", "Europe/Copenhagen"),
    ("Cuba Standard Time", "America/Havana"),
    ("Darwin", "Australia/Darwin"),
    ("Dateline Standard Time", "Etc/GMT+12"),
    ("Dhaka", "Asia/Dhaka"),
    ("Dublin", "Europe/Dublin"),
    ("E. Africa Standard Time", "Africa/Nairobi"),
    ("E. Australia Standard Time", "Australia/Brisbane"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("E. South America Standard Time", "America/Sao_Paulo"),
    ("Easter Island Standard Time", "Pacific/Easter"),
    ("Eastern Standard Time", "America/New_York"),
    ("Eastern Standard Time (Mexico)", "America/Cancun"),
    ("Eastern Time (US & Canada)", "America/New_York"),
    ("Edinburgh", "Europe/London"),
    ("Egypt Standard Time", "Africa/Cairo"),
    ("Ekaterinburg", "Asia/Yekaterinburg"),
    ("Ekaterinburg Standard Time", "Asia/Yekaterinburg"),
    ("Fiji", "Pacific/Fiji"),
    ("Fiji Standard Time", "Pacific/Fiji"),
    ("FLE Standard Time", "Europe/Kiev"),
    ("Georgetown", "America/Guyana"),
    ("Georgian Standard Time", "Asia/Tbilisi"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenland", "America/Godthab"),
    ("Greenland Standard Time", "America/Godthab"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("Guadalajara", "America/Mexico_City"),
    ("Guam", "Pacific/Guam"),
    ("Haiti Standard Time", "America/Port-au-Prince"),
    ("Hanoi", "Asia/Bangkok"),
    ("Harare", "Africa/Harare"),
    ("Hawaii", "Pacific/Honolulu"),
    ("Hawaiian Standard Time", "Pacific/Honolulu"),
    ("Helsinki", "Europe/Helsinki"),
    ("Hobart", "Australia/Hobart"),
    ("Hong Kong", "Asia/Hong_Kong"),
    ("India Standard Time", "Asia/Calcutta"),
    ("Indiana (East)", "America/Indiana/Indianapolis"),
    ("International Date Line West", "Pacific/Midway"),
    ("Iran Standard Time", "Asia/Tehran"),
    ("Irkutsk", "Asia/Irkutsk"),
    ("Islamabad", "Asia/Karachi"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("Istanbul", "Europe/Istanbul"),
    ("Jakarta", "Asia/Jakarta"),
    ("Jerusalem", "Asia/Jerusalem"),
    ("Jordan Standard Time", "Asia/Amman"),
    ("Kabul", "Asia/Kabul"),
    ("Kaliningrad", "Europe/Kaliningrad"),
    ("Kaliningrad Standard Time", "Europe/Kaliningrad"),
    ("Kamchatka", "Asia/Kamchatka"),
    ("Karachi", "Asia/Karachi"),
    ("Kathmandu", "Asia/Kathmandu"),
    ("Kolkata", "Asia/Kolkata"),
    ("Korea Standard Time", "Asia/Seoul"),
    ("Krasnoyarsk", "Asia/Krasnoyarsk"),
    ("Kuala Lumpur", "Asia/Kuala_Lumpur"),
    ("Kuwait", "Asia/Kuwait"),
    ("Kyiv", "Europe/Kiev"),
    ("La Paz", "America/La_Paz"),
    ("Libya Standard Time", "Africa/Tripoli"),
    ("Lima", "America/Lima"),
    ("Line Islands Standard Time", "Pacific/Kiritimati"),
    ("Lisbon", "Europe/Lisbon"),
    ("Ljubljana", "Europe/Ljubljana"),
    ("London", "Europe/London"),
    ("Lord Howe Standard Time", "Australia/Lord_Howe"),
    ("Madrid", "Europe/Madrid"),
    ("Magadan", "Asia/Magadan"),
    ("Magadan Standard Time", "Asia/Magadan"),
    ("Magallanes Standard Time", "America/Punta_Arenas"),
    ("Manitoba Standard Time", "America/Winnipeg"),
    ("Marquesas Standard Time", "Pacific/Marquesas"),
    ("Marshall Is.", "Pacific/Majuro"),
    ("Mauritius Standard Time", "Indian/Mauritius"),
    ("Mazatlan", "America/Mazatlan"),
    ("Melbourne", "Australia/Melbourne"),
    ("Mexico City", "America/Mexico_City"),
    ("Mid-Atlantic", "Atlantic/South_Georgia"),
    ("Middle East Standard Time", "Asia/Beirut"),
    ("Midway Island", "Pacific/Midway"),
    ("Minsk", "Europe/Minsk"),
    ("Monrovia", "Africa/Monrovia"),
    ("Monterrey", "America/Monterrey"),
    ("Montevideo", "America/Montevideo"),
    ("Montevideo Standard Time", "America/Montevideo"),
    ("Morocco Standard Time", "Africa/Casablanca"),
    ("Moscow", "Europe/Moscow"),
    ("Mountain Standard Time", "America/Denver"),
    ("Mountain Standard Time (Mexico)", "America/Mazatlan"),
    ("Mountain Time (US & Canada)", "America/Denver"),
    ("Mumbai", "Asia/Kolkata"),
    ("Muscat", "Asia/Muscat"),
    ("Myanmar Standard Time", "Asia/Rangoon"),
    ("N. Central Asia Standard Time", "Asia/Novosibirsk"),
    ("Nairobi", "Africa/Nairobi"),
    ("Namibia Standard Time", "Africa/Windhoek"),
    ("Nepal Standard Time", "Asia/Katmandu"),
    ("New Caledonia", "Pacific/Noumea"),
    ("New Delhi", "Asia/Kolkata"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
    ("Newfoundland", "America/St_Johns"),
    ("Newfoundland Standard Time", "America/St_Johns"),
    ("Norfolk Standard Time", "Pacific/Norfolk"),
    ("North Asia East Standard Time", "Asia/Irkutsk"),
    ("North Asia Standard Time", "Asia/Krasnoyarsk"),
    ("North Korea Standard Time", "Asia/Pyongyang"),
    ("Novosibirsk", "Asia/Novosibirsk"),
    ("Nuku'alofa", "Pacific/Tongatapu"),
    ("Omsk Standard Time", "Asia/Omsk"),
    ("Osaka", "Asia/Tokyo"),
    ("Pacific SA Standard Time", "America/Santiago"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("Pacific Standard Time (Mexico)", "America/Tijuana"),
    ("Pacific Time (US & Canada)", "America/Los_Angeles"),
    ("Pakistan Standard Time", "Asia/Karachi"),
    ("Paraguay Standard Time", "America/Asuncion"),
    ("Paris", "Europe/Paris"),
    ("Perth", "Australia/Perth"),
    ("Port Moresby", "Pacific/Port_Moresby"),
    ("Prague", "Europe/Prague"),
    ("Pretoria", "Africa/Johannesburg"),
    ("Puerto Rico", "America/Puerto_Rico"),
    ("Quito", "America/Lima"),
    ("Qyzylorda Standard Time", "Asia/Qyzylorda"),
    ("Rangoon", "Asia/Rangoon"),
    ("Riga", "Europe/Riga"),
    ("Riyadh", "Asia/Riyadh"),
    ("Romance Standard Time", "Europe/Paris"),
    ("Rome", "Europe/Rome"),
    ("Russia Time Zone 10", "Asia/Srednekolymsk"),
    ("Russia Time Zone 11", "Asia/Kamchatka"),
    ("Russia Time Zone 3", "Europe/Samara"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("SA Eastern Standard Time", "America/Cayenne"),
    ("SA Pacific Standard Time", "America/Bogota"),
    ("SA Western Standard Time", "America/La_Paz"),
    ("Saint Pierre Standard Time", "America/Miquelon"),
    ("Sakhalin Standard Time", "Asia/Sakhalin"),
    ("Samara", "Europe/Samara"),
    ("Samoa", "Pacific/Apia"),
    ("Samoa Standard Time", "Pacific/Apia"),
    ("Santiago", "America/Santiago"),
    ("Sao Tome Standard Time", "Africa/Sao_Tome"),
    ("Sapporo", "Asia/Tokyo"),
    ("Sarajevo", "Europe/Sarajevo"),
    ("Saratov Standard Time", "Europe/Saratov"),
    ("Saskatchewan", "America/Regina"),
    ("SE Asia Standard Time", "Asia/Bangkok"),
    ("Seoul", "Asia/Seoul"),
    ("Singapore", "Asia/Singapore"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("Skopje", "Europe/Skopje"),
    ("Sofia", "Europe/Sofia"),
    ("Solomon Is.", "Pacific/Guadalcanal"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("South Sudan Standard Time", "Africa/Juba"),
    ("Srednekolymsk", "Asia/Srednekolymsk"),
    ("Sri Jayawardenepura", "Asia/Colombo"),
    ("Sri Lanka Standard Time", "Asia/Colombo"),
    ("St. Petersburg", "Europe/Moscow"),
    ("Stockholm", "Europe/Stockholm"),
    ("Sudan Standard Time", "Africa/Khartoum"),
    ("Sydney", "Australia/Sydney"),
    ("Syria Standard Time", "Asia/Damascus"),
    ("Taipei", "Asia/Taipei"),
    ("Taipei Standard Time", "Asia/Taipei"),
    ("Tallinn", "Europe/Tallinn"),
    ("Tashkent", "Asia/Tashkent"),
    ("Tasmania Standard Time", "Australia/Hobart"),
    ("Tbilisi", "Asia/Tbilisi"),
    ("Tehran", "Asia/Tehran"),
    ("Tijuana", "America/Tijuana"),
    ("Tocantins Standard Time", "America/Araguaina"),
    ("Tokelau Is.", "Pacific/Fakaofo"),
    ("Tokyo", "Asia/Tokyo"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Tomsk Standard Time", "Asia/Tomsk"),
    ("Tonga Standard Time", "Pacific/Tongatapu"),
    ("Transbaikal Standard Time", "Asia/Chita"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("Turks And Caicos Standard Time", "America/Grand_Turk"),
    ("Ulaanbaatar", "Asia/Ulaanbaatar"),
    ("Ulaanbaatar Standard Time", "Asia/Ulaanbaatar"),
    ("Urumqi", "Asia/Urumqi"),
    ("US Eastern Standard Time", "America/Indianapolis"),
    ("US Mountain Standard Time", "America/Phoenix"),
    ("UTC+12", "Etc/GMT-12"),
    ("UTC+13", "Etc/GMT-13"),
    ("UTC-02", "Etc/GMT+2"),
    ("UTC-08", "Etc/GMT+8"),
    ("UTC-09", "Etc/GMT+9"),
    ("UTC-11", "Etc/GMT+11"),
    ("Venezuela Standard Time", "America/Caracas"),
    ("Vienna", "Europe/Vienna"),
    ("Vilnius", "Europe/Vilnius"),
    ("Vladivostok", "Asia/Vladivostok"),
    ("Vladivostok Standard Time", "Asia/Vladivostok"),
    ("Volgograd", "Europe/Volgograd"),
    ("Volgograd Standard Time", "Europe/Volgograd"),
    ("W. Australia Standard Time", "Australia/Perth"),
    ("W. Central Africa Standard Time", "Africa/Lagos"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("W. Mongolia Standard Time", "Asia/Hovd"),
    ("Warsaw", "Europe/Warsaw"),
    ("Wellington", "Pacific/Auckland"),
    ("West Asia Standard Time", "Asia/Tashkent"),
    ("West Bank Standard Time", "Asia/Hebron"),
    ("West Central Africa", "Africa/Algiers"),
    ("West Pacific Standard Time", "Pacific/Port_Moresby"),
    ("Yakutsk", "Asia/Yakutsk"),
    ("Yakutsk Standard Time", "Asia/Yakutsk"),
    ("Yerevan", "Asia/Yerevan"),
    ("Yukon Standard Time", "America/Whitehorse"),
    ("Zagreb", "Europe/Zagreb"),
    ("Zurich", "Europe/Zurich"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_names_zones_there_are() {
        for pair in NAMES.windows(2) {
            assert!(pair[0].0.to_ascii_lowercase() < pair[1].0.to_ascii_lowercase(), "{pair:?}");
        }
        let known = TimeZoneDatabase::bundled();
        for (name, zone) in NAMES {
            assert!(known.get(zone).is_ok_and(|zone| !zone.is_unknown()), "{name}: {zone}");
            assert_eq!(elsewhere(name), Some(zone), "{name}");
        }
    }

    #[test]
    fn names_of_windows_and_rails_are_read() {
        assert_eq!(elsewhere("W. Europe Standard Time"), Some("Europe/Berlin"));
        assert_eq!(elsewhere("Eastern Standard Time"), Some("America/New_York"));
        assert_eq!(elsewhere("Pacific Time (US & Canada)"), Some("America/Los_Angeles"));
        assert_eq!(elsewhere("berlin"), Some("Europe/Berlin"));
        assert_eq!(elsewhere("Central European Time"), None);
    }

    #[test]
    fn the_nearest_zone_is_one_a_person_would_mean() {
        let nearest = |name| nearest(name).unwrap_or_default();
        assert_eq!(nearest("Europe/Berln"), "Europe/Berlin");
        assert_eq!(nearest("Hamburg"), "");
        assert_eq!(nearest("New York"), "America/New_York");
        assert_eq!(nearest("Europe/Cologne"), "");
        assert_eq!(nearest("Mars/Base"), "");
        assert_eq!(nearest(""), "");
    }
}
