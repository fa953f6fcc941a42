package org.openlockbox.portal.passkey;

import java.util.Optional;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PasskeyRegistration;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.portal.edge.Sites;
import org.openlockbox.server.access.RefusedSignatures;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.problem.Problem;
import org.springframework.util.MultiValueMap;

/// What the pages of the approve origin are sent: the token that somebody comes with, and what
/// their passkey answered.
public final class SigningForm {
  private SigningForm() {}

  /// The token in this field.
  public static Secret secret(MultiValueMap<String, String> form, String name) {
    return Optional.ofNullable(form.getFirst(name))
        .flatMap(Secret::parse)
        .orElseThrow(SigningForm::used);
  }

  /// Takes the draft that the signature is for, once. One that comes again is refused, and noted
  /// for the tenant if it is of its own people: an engineer of the provider signs for nobody but
  /// themselves, and writes nothing into a tenant's list.
  public static SigningTokens.DraftToSend sending(
      MultiValueMap<String, String> form, SigningTokens signingTokens, RefusedSignatures refused) {
    var draft = secret(form, "draft");
    return signingTokens.send(draft).orElseThrow(() -> again(draft, signingTokens, refused));
  }

  private static Problem again(
      Secret draft, SigningTokens signingTokens, RefusedSignatures refused) {
    var used = used();
    signingTokens
        .sentBefore(draft)
        .filter(taken -> taken.person().caller().belongsTo(taken.tenant()))
        .ifPresent(
            taken ->
                refused.note(taken.tenant(), taken.person().subject(), taken.intent().id(), used));
    return used;
  }

  /// The signature by one of these passkeys; whether it holds is for others to check.
  public static Signature assertion(MultiValueMap<String, String> form, Passkeys passkeys) {
    try {
      var key =
          passkeys
              .find(bytes(form, "credential"))
              .orElseThrow(() -> Problem.refused("signature", "this passkey is not yours here"));
      return new Signature.WebAuthn(
          key.keyId(),
          bytes(form, "signature"),
          bytes(form, "authenticatorData"),
          bytes(form, "clientDataJSON"));
    } catch (IllegalArgumentException e) {
      throw Problem.malformed("no signature was sent");
    }
  }

  /// The passkey that was made on this page, if it may be one.
  public static PasskeyRegistration registration(
      MultiValueMap<String, String> form, Envelope asked, Sites sites) {
    try {
      var answer =
          new PasskeyRegistration.AttestationResponse(
              bytes(form, "clientDataJSON"), bytes(form, "authenticatorData"));
      return PasskeyRegistration.read(
          sites.relyingParty(), sites.approve().orElseThrow(), asked.pae(), answer);
    } catch (IllegalArgumentException e) {
      throw Problem.malformed("no passkey was sent");
    }
  }

  private static Bytes bytes(MultiValueMap<String, String> form, String name) {
    return Bytes.ofBase64Url(Optional.ofNullable(form.getFirst(name)).orElse(""));
  }

  /// The answer to a token that is not good, or no longer.
  public static Problem used() {
    return Problem.conflict("handover", "this page was used already, or was open for too long");
  }
}
