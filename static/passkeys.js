// Passkeys (WebAuthn). Forms that need one are hidden until it is clear that this browser has them.
(() => {
  const has = window.PublicKeyCredential !== undefined && navigator.credentials !== undefined;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const written = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((it) => ({ ...it, id: bytes(it.id) }));

  // What the server asks the browser for. An answer that leads elsewhere (a fresh proof is due) has no options.
  const begin = async (address, form) => {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(), redirect: "manual", signal: form.signal });
    if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) return null;
    const { publicKey } = await answer.json();
    publicKey.challenge = bytes(publicKey.challenge);
    if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
    if (publicKey.excludeCredentials) publicKey.excludeCredentials = named(publicKey.excludeCredentials);
    if (publicKey.allowCredentials) publicKey.allowCredentials = named(publicKey.allowCredentials);
    return publicKey;
  };

  const told = (credential) => {
    const { response } = credential;
    const parts = { clientDataJSON: written(response.clientDataJSON) };
    if (response.attestationObject) {
      parts.attestationObject = written(response.attestationObject);
      parts.transports = response.getTransports?.() || [];
    } else {
      parts.authenticatorData = written(response.authenticatorData);
      parts.signature = written(response.signature);
      parts.userHandle = response.userHandle ? written(response.userHandle) : null;
    }
    return JSON.stringify({ id: credential.id, rawId: written(credential.rawId), type: credential.type, response: parts, extensions: {} });
  };

  const send = (form, credential) => {
    form.elements.credential.value = credential ? told(credential) : "";
    form.submit();
  };

  // One question at a time: asking by the button takes back what the autofill asks.
  let asking;
  const ask = async (form, more) => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const isNew = form.dataset.passkeyNew !== undefined;
    const publicKey = await begin(form.dataset.passkeyNew ?? form.dataset.passkey, { signal });
    if (!publicKey) return more ? null : send(form);
    const wanted = { publicKey, signal, ...more };
    const credential = isNew ? await navigator.credentials.create(wanted) : await navigator.credentials.get(wanted);
    if (credential) send(form, credential);
    return credential;
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-passkey], form[data-passkey-new]");
    if (!form || !has) return;
    event.preventDefault();
    const button = form.querySelector("button");
    const say = (words) => { document.querySelector("#announce").textContent = words; };
    button.disabled = true;
    ask(form).catch(({ name }) => {
      button.disabled = false;
      const note = form.querySelector("[data-passkey-note]");
      const words = name === "InvalidStateError" ? "There is a passkey for this account on that device already." : "Nothing was done. Try again when you are ready.";
      if (note) Object.assign(note, { textContent: words, hidden: false });
      say(words);
    });
  });

  const dress = () => {
    for (const form of document.querySelectorAll("form[data-passkey], form[data-passkey-new]")) form.hidden = false;
    for (const note of document.querySelectorAll("[data-passkey-missing]")) note.hidden = true;
  };
  if (has) {
    dress();
    new MutationObserver(dress).observe(document.body, { childList: true, subtree: true });
  }

  // Passkeys among the suggestions of the field for the address. A question lasts less than the server remembers it.
  const suggest = async () => {
    const form = document.querySelector("form[data-autofill]");
    if (!has || !form || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    const timer = setTimeout(() => asking?.abort("again"), 240000);
    try {
      await ask(form, { mediation: "conditional" });
    } catch (reason) {
      if (reason === "again") suggest();
    } finally {
      clearTimeout(timer);
    }
  };
  suggest();
})();
