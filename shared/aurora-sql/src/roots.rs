//! The certificate authorities that are part of the binary.

/// See `data/README.md`.
const RDS: &str = include_str!("../data/rds-roots.pem");

/// Amazon Root CA 1 to 4 and Starfield's, which AWS Certificate Manager's certificates lead to.
const CERTIFICATE_MANAGER: &[u8] = include_bytes!("../../handler/data/amazon-roots.pem");

/// What a server at `host` is verified against: those of its region, since reading all of them
/// costs start-up time, and all where the name says no region, or one that is not in the file.
pub(crate) fn of(host: &str) -> [&'static [u8]; 2] {
    let region = region(host).and_then(|region| of_region(&region));
    [region.unwrap_or(RDS).as_bytes(), CERTIFICATE_MANAGER]
}

/// `….eu-central-1.rds.amazonaws.com`, and in China `….rds.cn-north-1.amazonaws.com.cn`.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Cluster.html>
fn region(host: &str) -> Option<String> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let host = host.strip_suffix(".cn").unwrap_or(&host);
    let mut labels = host.strip_suffix(".amazonaws.com")?.rsplit('.');
    match (labels.next()?, labels.next()?) {
        ("rds", region) | (region, "rds") => Some(region.to_owned()),
        _ => None,
    }
}

/// The part of the file that has the region's roots: they stand together.
fn of_region(region: &str) -> Option<&'static str> {
    let heading = format!("# {region} ");
    let start = RDS.find(&heading)?;
    let last = RDS.rfind(&heading)?;
    let end = RDS[last + 1..].find('#').map(|more| last + 1 + more);
    RDS.get(start..end.unwrap_or(RDS.len()))
}

#[cfg(test)]
mod tests {
    use rustls::{
        RootCertStore,
        pki_types::{CertificateDer, pem::PemObject},
    };

    use super::*;

    /// No certificate may expire within a year of this day: refresh the file before, and move it.
    const A_YEAR_FROM_THE_COPY: &str = "20271121";

    fn certificates(pem: &str) -> Vec<CertificateDer<'static>> {
        let all = CertificateDer::pem_slice_iter(pem.as_bytes());
        all.map(|one| one.expect("it is PEM")).collect()
    }

    fn headings(pem: &str) -> Vec<Vec<&str>> {
        let headings = pem.lines().filter(|line| line.starts_with('#'));
        headings.map(|line| line.split(' ').collect()).collect()
    }

    /// The last day, as `YYYYMMDD`: the second of the two times that follow each other in a
    /// certificate (RFC 5280, 4.1.2.5), each with two digits of the year or with four.
    fn last_day(der: &[u8]) -> String {
        let time = |at: usize| match der[at..] {
            [0x17, 0x0d, ..] => Some((format!("20{}", text(&der[at + 2..][..6])), at + 15)),
            [0x18, 0x0f, ..] => Some((text(&der[at + 2..][..8]), at + 17)),
            _ => None,
        };
        let pair = |at| time(at).and_then(|(_, next)| time(next));
        (0..der.len()).find_map(pair).expect("it has a validity").0
    }

    fn text(bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).into_owned()
    }

    fn hex(bytes: &[u8]) -> String {
        let two = |hex, byte| format!("{hex}{byte:02x}");
        bytes.iter().fold(String::new(), two)
    }

    #[test]
    fn every_region_has_three_roots_and_all_of_them_are_read() {
        let (all, headings) = (certificates(RDS), headings(RDS));
        assert_eq!((all.len(), headings.len()), (81, 81));
        let mut store = RootCertStore::empty();
        assert_eq!(store.add_parsable_certificates(all), (81, 0));
        for three in headings.chunks(3) {
            let regions: Vec<_> = three.iter().map(|heading| heading[1]).collect();
            assert_eq!(regions, [regions[0]; 3]);
            let kinds: Vec<_> = three.iter().map(|heading| heading[2]).collect();
            assert_eq!(kinds, ["ECC384", "RSA2048", "RSA4096"]);
        }
    }

    #[test]
    fn each_heading_tells_the_truth_about_its_certificate() {
        for (certificate, heading) in certificates(RDS).iter().zip(headings(RDS)) {
            let [_, region, kind, _, until, _, sha256] = heading[..] else {
                panic!("{heading:?}");
            };
            let digest = ring::digest::digest(&ring::digest::SHA256, certificate);
            assert_eq!(hex(digest.as_ref()), sha256);
            assert_eq!(last_day(certificate), until.replace('-', ""));
            let name = format!("Amazon RDS {region} Root CA {kind} G1");
            assert!(text(certificate).contains(&name), "{name}");
        }
    }

    #[test]
    fn none_expires_within_a_year() {
        let both = [RDS, &text(CERTIFICATE_MANAGER)].map(certificates);
        for certificate in both.iter().flatten() {
            assert!(last_day(certificate).as_str() > A_YEAR_FROM_THE_COPY);
        }
    }

    #[test]
    fn a_region_in_the_host_name_means_its_three_roots_only() {
        for host in [
            "shop.cluster-cx1.eu-central-1.rds.amazonaws.com",
            "shop.cluster-cx1.EU-CENTRAL-1.rds.amazonaws.com.",
        ] {
            let [rds, manager] = of(host);
            let rds = text(rds);
            assert_eq!(certificates(&rds).len(), 3);
            let named = |heading: Vec<&str>| assert_eq!(heading[1], "eu-central-1");
            headings(&rds).into_iter().for_each(named);
            assert_eq!(certificates(&text(manager)).len(), 5);
        }
    }

    #[test]
    fn the_last_region_of_the_file_is_whole() {
        let [rds, _] = of("a.cluster-b.us-west-2.rds.amazonaws.com");
        assert_eq!(certificates(&text(rds)).len(), 3);
    }

    #[test]
    fn a_name_without_a_known_region_means_all_roots() {
        for host in [
            "db.example.com",
            "10.0.0.1",
            "rds.amazonaws.com",
            "a.cluster-b.mars-north-1.rds.amazonaws.com",
            "eu-central-1.rds.amazonaws.com.example.com",
        ] {
            assert_eq!(certificates(&text(of(host)[0])).len(), 81, "{host}");
        }
    }

    #[test]
    fn china_spells_the_region_behind_the_service() {
        let region = region("db.abc.rds.cn-north-1.amazonaws.com.cn");
        assert_eq!(region.as_deref(), Some("cn-north-1"));
    }
}
