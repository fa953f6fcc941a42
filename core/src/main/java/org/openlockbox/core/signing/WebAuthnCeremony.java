package org.openlockbox.core.signing;

import java.util.List;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;

/// What a page can ask a passkey for, and what the client data of the answer must therefore say.
/// The answer to the one is never an answer to the other.
enum WebAuthnCeremony {
  /// To sign.
  GET("webauthn.get", "not the answer to a signing request"),
  /// To be made.
  CREATE("webauthn.create", "not the answer to the making of a passkey");

  private static final int CHALLENGE_LENGTH = 32;

  private final String type;
  private final String otherwise;

  WebAuthnCeremony(String type, String otherwise) {
    this.type = type;
    this.otherwise = otherwise;
  }

  /// What is wrong with the client data, or an empty text. The challenge is the SHA-256 of the PAE.
  /// Members that are not ours are tolerated, as section 5.8.1 demands; members that occur twice
  /// are not.
  String fault(List<String> origins, Bytes pae, Bytes clientDataJson) {
    try {
      var clientData =
          Fields.of(Json.read(clientDataJson.toArray(), Signature.MAX_BYTES), "client data");
      if (!clientData.text("type").equals(type)) {
        return otherwise;
      }
      if (!isChallenge(clientData.text("challenge"), pae)) {
        return "the passkey has signed something else";
      }
      if (!origins.contains(clientData.text("origin"))) {
        return "signed on a page that is not enrolled";
      }
      if (clientData.has("crossOrigin") && clientData.flag("crossOrigin")) {
        return "signed inside a page of another origin";
      }
      return clientData.has("topOrigin") ? "signed inside a page of another origin" : "";
    } catch (MalformedJson e) {
      return "the client data cannot be read";
    }
  }

  /// In base64url without padding; the decoded bytes are compared.
  private static boolean isChallenge(String challenge, Bytes pae) {
    try {
      var given = Bytes.ofBase64Url(challenge);
      return given.size() == CHALLENGE_LENGTH
          && given.equalsInConstantTime(Bytes.of(pae.sha256().bytes()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
