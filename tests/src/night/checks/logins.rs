//! The application's door: nobody who had read the secret was refused, and of the passwords only
//! the current one still logs in.

use serde_json::Value;

use super::{Check, Night};
use crate::night::Told;
use crate::night::programme::What;
use crate::night::run::Run;
use crate::night::secret::SECRET;
use crate::night::servers::USER;

/// Whether a password logs in when the night is over, on the writer and on the reader.
#[derive(Debug, PartialEq, Eq)]
pub struct Passwords {
    /// The one that the secret held when the night began.
    pub first: [bool; 2],
    /// The one that it holds now.
    pub current: [bool; 2],
}

impl Night<'_> {
    fn rotation(&self) -> &Told {
        let is = |told: &&Told| matches!(told.happening.what, What::Rotates);
        self.told.iter().find(is).expect("a rotation")
    }

    pub(super) fn nobody_refused(&self) -> Check {
        let logins = self.told.last().map(|told| told.logins.clone());
        let logins = logins.unwrap_or_default();
        let [writer, reader] = logins.logins;
        let text = format!(
            "{USER} logged in all night, {writer} times on the writer and {reader} times on the \
             reader, with what its secret said: {}",
            logins.said()
        );
        let mut check = Check::same(text, &logins.refused, &Vec::new());
        if writer == 0 || reader == 0 {
            check.fault = Some("no login on one of them".to_owned());
        }
        check
    }

    /// The label moved once, and the application went on with what it had in its memory.
    pub(super) fn rotated(&self) -> Check {
        let told = self.rotation();
        let old = label(&told.before, "AWSCURRENT");
        let moved = label(&told.after, "AWSCURRENT") != old
            && label(&told.after, "AWSPREVIOUS") == old
            && label(self.end(), "AWSCURRENT") == label(&told.after, "AWSCURRENT");
        let new = label(&told.after, "AWSCURRENT");
        let end = self.told.last().map_or(&told.logins, |last| &last.logins);
        let with_old = told.logins.with(old.as_deref()) - told.at_rest.with(old.as_deref());
        let with_new = end.with(new.as_deref()) - told.logins.with(new.as_deref());
        let text = format!(
            "{SECRET} was rotated once: {USER} logged in with the old password when the new one was \
             current already, and later with the new one"
        );
        let found = (moved, with_old > 0, with_new > 0);
        Check::same(text, &found, &(true, true, true))
    }

    /// After its grace the old password is gone from both servers.
    pub(super) fn retired(&self) -> Check {
        let text = "the old password, whose grace ended in the night, no longer logs in on the \
                    writer nor on the reader; the current one does";
        let wanted = Passwords {
            first: [false; 2],
            current: [true; 2],
        };
        Check::same(text, self.passwords, &wanted)
    }

    /// Nobody has let a password slip.
    pub(super) fn nothing_slipped(&self) -> Check {
        let text = "no password, and nothing the servers store of one, is in any report or mail, nor \
                    in anything printed here, in whatever form";
        Check::same(text, self.leaks, &vec![])
    }

    /// Mode `plan`: the doctor has looked, and the password is what it was.
    pub(super) fn only_looked(&self) -> Check {
        let told = self.due("nightshift-rotate-secret");
        let rows = told.woken.runs.iter().flat_map(Run::rows);
        let words: Vec<_> = rows
            .map(|row| row["verdict"].as_str().unwrap_or_default())
            .collect();
        let text = format!("rotate-secret found {SECRET} well, and its password still logs in");
        let both = Passwords {
            first: [true; 2],
            current: [true; 2],
        };
        Check::same(text, &(words, self.passwords), &(vec!["keep"], &both))
    }
}

/// The version of the secret that carries a label.
fn label(inventory: &Value, label: &str) -> Option<String> {
    let secrets = inventory["secrets"].as_array().expect("a list");
    let secret = secrets.iter().find(|each| each["name"] == SECRET)?;
    secret["labels"][label].as_str().map(str::to_owned)
}
