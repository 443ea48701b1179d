//! What people do with passkeys in most journeys.

use crate::{Browser, Device, Person, Reply, World};
use serde_json::{Value, json};

impl World {
    /// A phone that nobody has used.
    #[must_use]
    pub fn phone(&self) -> Device {
        Device::new(self.stack.url())
    }

    /// What `POST /login/passkey` wants, from the passkey of one person on a device.
    pub async fn signed(&self, device: &mut Device, user: &str) -> Value {
        let begun = self.browser().post("/login/passkey/begin", &json!({})).await.is(200).json();
        json!({"ceremony": begun["ceremony"], "credential": device.signs(&begun["public_key"], user)})
    }

    /// The one passkey of staff, on a device of its own; those of examples before are removed.
    pub async fn staffs_passkey(&self) -> (String, Device, String) {
        for passkey in self.staff.passkeys().await {
            self.staff.removes_passkey(passkey["id"].as_str().expect("an identifier")).await.is(204);
        }
        let mut device = self.phone();
        let (passkey, user) = self.staff.adds_passkey(&mut device, "Desk").await;
        (passkey, device, user)
    }

    /// Tries to sign in at a browser with the passkey of one person on a device.
    pub async fn tries_passkey(&self, browser: &Browser, device: &mut Device, user: &str) -> Reply {
        let signed = self.signed(device, user).await;
        browser.post("/login/passkey", &signed).await
    }
}

impl Person {
    /// What `POST /login/passkeys` wants, for a key that a device made for this person.
    pub async fn makes_passkey(&self, device: &mut Device, nickname: &str) -> Value {
        let begun = self.post("/login/passkeys/begin", &json!({})).await.is(200).json();
        let credential = device.creates(&begun["public_key"]);
        json!({"ceremony": begun["ceremony"], "nickname": nickname, "credential": credential})
    }

    /// Adds a passkey on a device; returns its identifier and the name that the device knows the person by.
    pub async fn adds_passkey(&self, device: &mut Device, nickname: &str) -> (String, String) {
        let made = self.makes_passkey(device, nickname).await;
        let added = self.post("/login/passkeys", &made).await.is(201);
        (added.at("/id"), device.users().pop().expect("a user"))
    }

    /// The passkeys on the person's list.
    pub async fn passkeys(&self) -> Vec<Value> {
        self.get("/login/passkeys").await.is(200).list("passkeys")
    }

    /// Removes a passkey.
    pub async fn removes_passkey(&self, passkey: &str) -> Reply {
        self.post(&format!("/login/passkeys/{passkey}/remove"), &json!({})).await
    }
}
