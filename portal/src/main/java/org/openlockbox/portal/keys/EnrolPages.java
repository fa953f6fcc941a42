package org.openlockbox.portal.keys;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.openlockbox.core.canonical.TextRules;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.signing.PasskeyRegistration;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.passkey.Ceremony;
import org.openlockbox.portal.passkey.PasskeyOwner;
import org.openlockbox.portal.passkey.SigningForm;
import org.openlockbox.server.access.SigningIntent;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.enrolment.EnrolledKeys;
import org.openlockbox.server.enrolment.Enrolment;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.problem.Problem;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The pages of the approve origin on which somebody makes a passkey. It is made for that origin
/// alone, so no page on which people sign in can ever ask for it, and it counts for nothing until
/// the tenant's log says so.
@Controller
public final class EnrolPages {
  private static final int LONGEST_NAME = 100;

  private final PortalEdge.Parts parts;
  private final SigningTokens signingTokens;
  private final KnownKeys known;
  private final EnrolledKeys enrolled;
  private final RandomGenerator random;

  public EnrolPages(
      PortalEdge.Parts parts,
      SigningTokens signingTokens,
      KnownKeys known,
      EnrolledKeys enrolled,
      RandomGenerator random) {
    this.parts = parts;
    this.signingTokens = signingTokens;
    this.known = known;
    this.enrolled = enrolled;
    this.random = random;
  }

  @PostMapping("/sign/passkey")
  ResponseEntity<byte[]> draft(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    var token = SigningForm.secret(form, "handover");
    var taken = signingTokens.look(token).orElseThrow(SigningForm::used);
    check(taken);
    var person = taken.person();
    var name = Optional.ofNullable(form.getFirst("name")).orElse("").strip();
    if (!isName(name)) {
      return again(request, taken, token, name);
    }
    var unsigned = Enrolment.of(taken.tenant(), person.subject(), name, random).unsigned();
    var draft = signingTokens.draft(token, unsigned).orElseThrow(SigningForm::used);
    var ceremony =
        Ceremony.of(
            parts.sites(),
            unsigned,
            draft,
            known.passkeys(taken.tenant(), person.subject()),
            "/sign/passkey/send",
            "/keys");
    return parts
        .pages()
        .page(
            "keys/enrol",
            Map.<String, Object>of(
                "frame",
                parts.frames().stranger(request).in(taken.zone()),
                "ceremony",
                ceremony,
                "name",
                name,
                "maker",
                PasskeyOwner.of(taken.tenant(), person)));
  }

  private static boolean isName(String name) {
    return !name.isEmpty() && name.length() <= LONGEST_NAME && TextRules.allowsLine(name);
  }

  /// The form of the page before, here on the approve origin, where its token still counts.
  private ResponseEntity<byte[]> again(
      HttpServletRequest request, SigningTokens.SigningContext taken, Secret token, String typed) {
    return parts
        .pages()
        .page(
            422,
            "keys/naming",
            Map.<String, Object>of(
                "frame",
                parts.frames().stranger(request).in(taken.zone()),
                "handover",
                token.forTheBrowser(),
                "typed",
                typed,
                "back",
                parts.sites().portal() + "/keys"));
  }

  /// Roles are looked at again at each step.
  private static void check(SigningTokens.SigningContext taken) {
    if (!(taken.intent() instanceof SigningIntent.Enrol)) {
      throw SigningForm.used();
    }
    taken.person().caller().belongTo(taken.tenant());
    taken.person().caller().need(Role.APPROVER, "make passkeys");
  }

  @PostMapping("/sign/passkey/send")
  ResponseEntity<byte[]> send(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    var sending =
        signingTokens.send(SigningForm.secret(form, "draft")).orElseThrow(SigningForm::used);
    check(sending.context());
    switch (SigningForm.registration(form, sending.unsigned(), parts.sites())) {
      case PasskeyRegistration.Valid made -> keep(sending, made);
      case PasskeyRegistration.Invalid(var why) -> throw refused(request, why);
    }
    return Pages.seeOther(parts.sites().portal() + "/keys");
  }

  /// What somebody can do something about is said in their language.
  private Problem refused(HttpServletRequest request, String why) {
    var words = parts.frames().stranger(request).words();
    return Problem.refused(
        "passkey", why.equals(PasskeyRegistration.RSA_KEY) ? words.say("enrol.rsa") : why);
  }

  private void keep(SigningTokens.DraftToSend sending, PasskeyRegistration.Valid made) {
    var enrolment = Enrolment.parse(sending.unsigned().payloadJson());
    var key = new ApproverKey(enrolment.approver(), enrolment.name(), made.key());
    enrolled.add(enrolment.tenant(), key, made.backedUp());
  }
}
