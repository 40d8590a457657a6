//! What a function says in public, and the secrets that must not be in it.

use super::scan::Scan;
use super::secrets::Secret;
use crate::lambda::Invocation;
use crate::mysql::Mysql;
use crate::proxy::Call;

/// Everything a function has printed, answered, mailed and called, to be searched for every
/// password and every stored hash there was meanwhile. All tests that run the real function hand
/// over here what it says.
#[derive(Debug, Default)]
pub struct Public {
    scan: Scan,
    always: Vec<String>,
    said: Vec<String>,
}

impl Public {
    /// Nothing was said yet. These passwords are secret for good.
    #[must_use]
    pub fn without(passwords: &[&str]) -> Self {
        let mut public = Self {
            always: passwords.iter().map(|&it| it.to_owned()).collect(),
            ..Self::default()
        };
        public.forget();
        public
    }

    /// This password is secret.
    pub fn password(&mut self, password: &str) {
        self.scan.secret(password);
    }

    /// The passwords of the versions that carry labels are secret.
    pub async fn passwords_of(&mut self, secret: &Secret) {
        for password in secret.passwords().await {
            self.password(&password);
        }
    }

    /// What this server stores of the passwords of users is secret.
    pub async fn hashes_on(&mut self, server: &Mysql) {
        let hashes = "SELECT HEX(authentication_string), \
                      IFNULL(HEX(User_attributes->>'$.additional_password'), '') \
                      FROM mysql.user WHERE user NOT LIKE 'mysql.%'";
        for hash in server.root(hashes).await.concat() {
            self.scan.hash_in_hex(&hash);
        }
    }

    /// This was said.
    pub fn hear(&mut self, text: impl Into<String>) {
        self.said.push(text.into());
    }

    /// An invocation's log, and its answer or error.
    pub fn hear_run(&mut self, run: &Invocation) {
        self.said.extend(run.log.iter().cloned());
        self.said.push(match &run.result {
            Ok(answer) => answer.to_string(),
            Err(error) => format!("{}: {}", error.error_type, error.error_message),
        });
    }

    /// A call, and with it the mails: all but the one member that has to have a password.
    pub fn hear_call(&mut self, call: &Call) {
        let told = call.params.iter();
        let told = told.filter(|(name, _)| *name != "SecretString");
        let told: Vec<_> = told
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        self.said
            .push(format!("{} {}", call.action, told.join("&")));
    }

    /// Which secrets are in what was said, and after which words; never the secrets themselves.
    #[must_use]
    pub fn leaks(&self) -> Vec<String> {
        let mut leaks: Vec<String> = self
            .said
            .iter()
            .filter_map(|text| self.scan.search(text))
            .collect();
        leaks.dedup();
        leaks
    }

    /// Ends the test if a secret is in what was said.
    pub fn has_no_secret(&self) {
        let leaks = self.leaks();
        assert!(leaks.is_empty(), "secrets in the open: {leaks:#?}");
    }

    /// What was said so far is forgotten, and all secrets but those for good.
    pub fn forget(&mut self) {
        self.said.clear();
        self.scan = Scan::default();
        for password in &self.always {
            self.scan.secret(password);
        }
    }

    /// Puts `text` in place of what was said as the n-th, counted from zero, and returns that: to
    /// spoil it and see that it is noticed.
    pub fn hear_instead(&mut self, n: usize, text: String) -> String {
        std::mem::replace(&mut self.said[n], text)
    }

    /// What was said so far.
    #[must_use]
    pub fn said(&self) -> &[String] {
        &self.said
    }
}
