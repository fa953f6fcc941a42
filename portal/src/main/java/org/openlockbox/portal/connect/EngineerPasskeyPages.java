package org.openlockbox.portal.connect;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.signing.PasskeyRegistration;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.passkey.Ceremony;
import org.openlockbox.portal.passkey.PasskeyOwner;
import org.openlockbox.portal.passkey.Passkeys;
import org.openlockbox.portal.passkey.SigningForm;
import org.openlockbox.server.access.SigningIntent;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.enrolment.Enrolment;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.Tenants.Tenant;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Where an engineer makes a passkey that requests name as their key. It is made for the approve
/// origin, like approvers' passkeys, and counts for nothing until a customer has signed a request
/// that names it. Nothing is kept of it here: its public half goes on into the form of a request.
@Controller
public final class EngineerPasskeyPages {
  private static final String NAME = "Lockbox";

  private final PortalEdge.Parts parts;
  private final Store store;
  private final SigningTokens signingTokens;
  private final RandomGenerator random;

  public EngineerPasskeyPages(
      PortalEdge.Parts parts, Store store, SigningTokens signingTokens, RandomGenerator random) {
    this.parts = parts;
    this.store = store;
    this.signingTokens = signingTokens;
    this.random = random;
  }

  @GetMapping("/ask/passkey")
  ResponseEntity<byte[]> show(Visitor visitor) {
    visitor.caller().need(Role.ENGINEER, "make a passkey for requests");
    var tenant = store.tenants().all().stream().map(Tenant::id).findFirst();
    Optional<String> handover =
        parts
            .sites()
            .approve()
            .flatMap(_ -> tenant)
            .map(
                one ->
                    signingTokens
                        .issue(visitor.secret(), one, new SigningIntent.Enrol())
                        .forTheBrowser());
    return parts
        .pages()
        .page(
            "connect/passkey",
            Map.<String, Object>of(
                "frame", visitor.frame(),
                "handover", handover,
                "action", parts.sites().handTo("/sign/engineer")));
  }

  @PostMapping("/sign/engineer")
  ResponseEntity<byte[]> draft(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    var token = SigningForm.secret(form, "handover");
    var taken = signingTokens.look(token).orElseThrow(SigningForm::used);
    check(taken);
    var unsigned = Enrolment.of(taken.tenant(), taken.person().subject(), NAME, random).unsigned();
    var draft = signingTokens.draft(token, unsigned).orElseThrow(SigningForm::used);
    var none = new Passkeys(List.of());
    return parts
        .pages()
        .page(
            "connect/enrol",
            Map.<String, Object>of(
                "frame", parts.frames().signer(request, taken.person(), taken.zone()),
                "ceremony",
                    Ceremony.of(
                        parts.sites(), unsigned, draft, none, "/sign/engineer/send", "/ask"),
                "maker", PasskeyOwner.engineer(taken.person())));
  }

  @PostMapping("/sign/engineer/send")
  ResponseEntity<byte[]> send(@RequestParam MultiValueMap<String, String> form) {
    var sending =
        signingTokens.send(SigningForm.secret(form, "draft")).orElseThrow(SigningForm::used);
    check(sending.context());
    return switch (SigningForm.registration(form, sending.unsigned(), parts.sites())) {
      case PasskeyRegistration.Valid made ->
          Pages.seeOther(parts.sites().portal() + "/ask?passkey=" + shown(made.key()));
      case PasskeyRegistration.Invalid(var why) -> throw Problem.refused("passkey", why);
    };
  }

  private static String shown(VerifyingKey key) {
    return Bytes.of(CanonicalJson.bytes(key.toJson())).base64Url();
  }

  /// Roles are looked at again at each step. An approver's token makes no engineer's passkey.
  private static void check(SigningTokens.SigningContext taken) {
    if (!(taken.intent() instanceof SigningIntent.Enrol)) {
      throw SigningForm.used();
    }
    taken.person().caller().need(Role.ENGINEER, "make a passkey for requests");
  }
}
