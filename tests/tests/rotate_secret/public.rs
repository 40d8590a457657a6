//! What the function says in public has no secret in it: every scenario asks so after every run
//! (`Scene::run`). Here it is shown that a secret would be found.

use nightshift_tests::mysql::Mysql;

use crate::{
    rotations::{OWN, rotated},
    scene::Scene,
};

/// A value in the forms in which it may come to be printed, made by the server, not by us.
async fn forms(server: &Mysql, hex: &str) -> Vec<String> {
    let value = format!("CAST(X'{hex}' AS CHAR CHARACTER SET utf8mb4)");
    let forms = format!(
        "SELECT {value}, QUOTE({value}), JSON_QUOTE({value}), JSON_QUOTE(JSON_QUOTE({value})), \
         TO_BASE64({value}), TO_BASE64(CONCAT('x', {value})), TO_BASE64(CONCAT('xx', {value})), \
         HEX({value}), LOWER(HEX({value}))"
    );
    let mut forms = server.root(&forms).await.concat();
    // A long text in Base64 comes in lines.
    for form in &mut forms {
        form.retain(|it| it != '\n');
    }
    let bytes: Vec<u8> = hex
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect();
    forms.push(format!("{bytes:?}"));
    let percent = |byte: &u8| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) => {
            char::from(*byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    forms.push(bytes.iter().map(percent).collect());
    forms
}

#[tokio::test]
async fn a_password_or_a_stored_hash_in_any_form_would_be_found() {
    let scene = Scene::of(OWN, "dual-password", false).await;
    rotated(&scene, 1).await;
    let writer = &scene.pair.writer;
    let hex = |text: &str| -> String {
        let pairs: Vec<_> = text.bytes().map(|byte| format!("{byte:02X}")).collect();
        pairs.concat()
    };
    let mut secrets = vec![];
    for stage in ["AWSCURRENT", "AWSPREVIOUS"] {
        let password = scene.value(stage).await["password"].clone();
        secrets.push(hex(password.as_str().unwrap()));
    }
    let stored = "SELECT HEX(RIGHT(authentication_string, 43)), \
                  HEX(RIGHT(User_attributes->>'$.additional_password', 43)) \
                  FROM mysql.user WHERE user = 'app'";
    secrets.extend(writer.root(stored).await.concat());
    assert_eq!(secrets.len(), 4);

    let mut public = scene.public().await;
    let lines = public.said().len();
    assert!(lines > 10, "{:#?}", public.said());
    for secret in &secrets {
        for (number, form) in forms(writer, secret).await.into_iter().enumerate() {
            assert_eq!(public.leaks(), Vec::<String>::new());
            // A line that the function has really printed, spoilt.
            let line = public.said()[number % lines].clone();
            let (before, after) = line.split_at(line.len() / 2);
            let place = public.hear_instead(number % lines, format!("{before}{form}{after}"));
            assert_eq!(public.leaks().len(), 1, "form {number} of a secret");
            public.hear_instead(number % lines, place);
        }
    }
}
