package org.openlockbox.portal.keys;

import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.core.signing.WebAuthnBinding;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.server.enrolment.EnrolledKey;

/// A key in a list. `kind` says in words what it is and where it lives.
public record KeyLine(String name, String approver, String kind, String keyId) {
  static KeyLine of(PageContext frame, ApproverKey key) {
    return new KeyLine(
        key.name(), key.approver().value(), kind(frame, key.key()), key.key().keyId().hex());
  }

  public boolean isOf(SubjectId person) {
    return approver.equals(person.value());
  }

  /// A passkey that was made here: it is known whether it was copied already.
  static KeyLine of(PageContext frame, EnrolledKey enrolled) {
    var line = of(frame, enrolled.key());
    boolean copied = !synced(enrolled.key().key()) || enrolled.backedUp();
    return copied
        ? line
        : new KeyLine(line.name, line.approver, frame.say("keys.synced.later"), line.keyId);
  }

  private static boolean synced(VerifyingKey key) {
    return key.webauthn().map(WebAuthnBinding::backupEligible).orElse(false);
  }

  static String kind(PageContext frame, VerifyingKey key) {
    return switch (key.scheme()) {
      case WEBAUTHN -> frame.say(synced(key) ? "keys.synced" : "keys.bound");
      case SSHSIG -> frame.say(key.application().isPresent() ? "keys.ssh.security" : "keys.ssh");
      case ED25519, ECDSA_P256, ML_DSA_44 -> frame.say("keys.file");
    };
  }
}
