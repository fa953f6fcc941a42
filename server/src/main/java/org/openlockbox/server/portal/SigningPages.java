package org.openlockbox.server.portal;

import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.server.access.Handovers;
import org.openlockbox.server.access.Steps;
import org.openlockbox.server.access.StoredRequest;
import org.openlockbox.server.api.Desk;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.problem.Problem;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The pages of the approve origin: the statement that is about to be signed, in one sentence made
/// from its very bytes, and the taking of the signature. Who comes here shows a [Handovers] token;
/// there is no cookie and nobody signs in.
@Controller
public final class SigningPages {
  private final PortalEdge.Parts parts;
  private final Desk desk;
  private final Handovers handovers;
  private final Steps steps;
  private final SecureRandom random;

  public SigningPages(
      PortalEdge.Parts parts, Desk desk, Handovers handovers, Steps steps, SecureRandom random) {
    this.parts = parts;
    this.desk = desk;
    this.handovers = handovers;
    this.steps = steps;
    this.random = random;
  }

  @PostMapping("/sign")
  ResponseEntity<byte[]> draft(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    var token = secret(form, "handover");
    var taken = handovers.look(token).orElseThrow(SigningPages::used);
    var stored = stored(taken);
    if (!stored.etag().equals(taken.etag())) {
      throw Problem.stale();
    }
    var frame = parts.frames().stranger(request).in(taken.zone());
    var asked = Asked.read(desk.store(), stored);
    var subject = taken.person().subject();
    var unsigned = new Draft(asked, subject, form).statement(desk.now(), random, frame.words());
    var draft = handovers.draft(token, unsigned).orElseThrow(SigningPages::used);
    return parts
        .pages()
        .page("sign", model(frame, asked, stored, unsigned, draft, passkeys(taken)));
  }

  private Map<String, Object> model(
      Frame frame,
      Asked asked,
      StoredRequest stored,
      Envelope unsigned,
      Secret draft,
      Passkeys passkeys) {
    var name = RequestLine.resourceName(desk, stored);
    var statement = Signable.read(frame, asked, name, unsigned);
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("statement", statement);
    model.put("payload", unsigned.payload().utf8());
    model.put("payloadType", unsigned.payloadType());
    model.put("draft", draft.forTheBrowser());
    model.put(
        "relyingParty", desk.config().approve().map(approve -> approve.relyingParty()).orElse(""));
    model.put(
        "credentials",
        passkeys.credentialIds().stream().map(Bytes::base64Url).collect(Collectors.joining(" ")));
    model.put("back", parts.sites().portal() + "/requests/" + stored.id());
    return model;
  }

  @PostMapping("/sign/send")
  ResponseEntity<byte[]> send(@RequestParam MultiValueMap<String, String> form) {
    var sending = handovers.send(secret(form, "draft")).orElseThrow(SigningPages::used);
    var taken = sending.taken();
    var stored = stored(taken);
    var envelope = sending.unsigned().with(assertion(form, passkeys(taken)));
    steps.take(stored.tenant(), Signable.event(envelope), Optional.of(taken.etag()));
    return Pages.seeOther(parts.sites().portal() + "/requests/" + stored.id());
  }

  /// The request, if this person may decide about it now: roles are looked at again.
  private StoredRequest stored(Handovers.Taken taken) {
    var caller = taken.person().caller();
    caller.need(Role.APPROVER, "decide");
    caller.belongTo(taken.tenant());
    return desk.sight().request(caller, taken.tenant().value(), taken.request().value());
  }

  private Passkeys passkeys(Handovers.Taken taken) {
    return Passkeys.of(
        desk.store().tenants().keyring(taken.tenant()),
        taken.person().subject(),
        parts.sites().approve());
  }

  private static Signature assertion(MultiValueMap<String, String> form, Passkeys passkeys) {
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

  private static Bytes bytes(MultiValueMap<String, String> form, String name) {
    return Bytes.ofBase64Url(Optional.ofNullable(form.getFirst(name)).orElse(""));
  }

  private static Secret secret(MultiValueMap<String, String> form, String name) {
    return Optional.ofNullable(form.getFirst(name))
        .flatMap(Secret::parse)
        .orElseThrow(SigningPages::used);
  }

  private static Problem used() {
    return Problem.conflict("handover", "this page was used already, or was open for too long");
  }
}
