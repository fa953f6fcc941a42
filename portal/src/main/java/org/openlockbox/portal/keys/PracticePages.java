package org.openlockbox.portal.keys;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.openlockbox.core.access.Assurance;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.limits.Tables;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.keys.Practice.PracticeTerms;
import org.openlockbox.portal.passkey.Ceremony;
import org.openlockbox.portal.passkey.Passkeys;
import org.openlockbox.portal.passkey.SigningForm;
import org.openlockbox.portal.signing.SignableStatement;
import org.openlockbox.portal.wording.EngineerCard;
import org.openlockbox.portal.wording.SentencePart;
import org.openlockbox.portal.wording.VisibleTables;
import org.openlockbox.server.access.SigningIntent;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// A decision to try out: it looks like one, is signed like one, and opens nothing, because what is
/// signed is a [Practice], which nothing takes for a decision. Nobody asked, nobody is told, and no
/// log holds it.
@Controller
public final class PracticePages {
  /// Stands in the statement where the provider offers nothing yet.
  private static final ResourceId NOTHING = new ResourceId("practice");

  private final PortalEdge.Parts parts;
  private final SigningTokens signingTokens;
  private final KnownKeys known;
  private final Provider provider;
  private final RandomGenerator random;

  public PracticePages(
      PortalEdge.Parts parts,
      SigningTokens signingTokens,
      KnownKeys known,
      Provider provider,
      RandomGenerator random) {
    this.parts = parts;
    this.signingTokens = signingTokens;
    this.known = known;
    this.provider = provider;
    this.random = random;
  }

  @GetMapping("/practice")
  ResponseEntity<byte[]> show(Visitor visitor) {
    var tenant = KnownKeys.tenant(visitor);
    visitor.caller().need(Role.APPROVER, "practise");
    var resource = provider.resources().stream().findFirst();
    var passkeys = known.passkeys(tenant, visitor.person().subject());
    var handover =
        passkeys.isEmpty()
            ? Optional.<String>empty()
            : Optional.of(
                signingTokens
                    .issue(visitor.secret(), tenant, new SigningIntent.Practise())
                    .forTheBrowser());
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("sentence", sentence(visitor.frame()));
    model.put(
        "seeing",
        resource.map(one -> VisibleTables.of(one, tenant, PracticeTerms.LEVEL, Tables.ALL)));
    model.put("catalogue", resource.map(Resource::catalogueSha256).orElse(""));
    model.put("handover", handover);
    model.put("action", parts.sites().handTo("/sign/practice"));
    return parts.pages().page("practice/ask", model);
  }

  /// What an engineer would ask, of whom there is none.
  private List<SentencePart> sentence(PageContext frame) {
    var resource = provider.resources().stream().findFirst().map(Resource::name).orElse("-");
    return SentencePart.sentence(
        frame.words().pattern("sentence.request"),
        List.of(
            frame.say("practice.engineer", provider.name()),
            frame.say("level." + PracticeTerms.LEVEL.word() + ".does"),
            resource,
            frame.words().duration(PracticeTerms.LENGTH),
            frame.say("purpose.customer_ticket")));
  }

  @PostMapping("/sign/practice")
  ResponseEntity<byte[]> draft(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    var token = SigningForm.secret(form, "handover");
    var taken = signingTokens.look(token).orElseThrow(SigningForm::used);
    var passkeys = passkeys(taken);
    if (passkeys.isEmpty()) {
      throw Problem.stale();
    }
    var frame = parts.frames().signer(request, taken.person(), taken.zone());
    var terms = terms(frame);
    var unsigned =
        Practice.of(taken.tenant(), taken.person().subject(), approves(form), terms, random)
            .unsigned();
    var draft = signingTokens.draft(token, unsigned).orElseThrow(SigningForm::used);
    var ceremony =
        Ceremony.of(parts.sites(), unsigned, draft, passkeys, "/sign/practice/send", "/practice");
    var statement = statement(frame, Practice.parse(unsigned.payloadJson()));
    return parts
        .pages()
        .page(
            "practice/sign",
            Map.<String, Object>of("frame", frame, "statement", statement, "ceremony", ceremony));
  }

  private PracticeTerms terms(PageContext frame) {
    var resource = provider.resources().stream().findFirst().map(Resource::id).orElse(NOTHING);
    var now = frame.now();
    return new PracticeTerms(
        resource, PracticeTerms.LEVEL, new Window(now, now.plus(PracticeTerms.LENGTH)));
  }

  /// What is signed, as the page of a real decision shows it; read from the payload.
  private SignableStatement statement(PageContext frame, Practice practice) {
    return new SignableStatement(
        practice.approves() ? "approve" : "deny",
        sentence(frame, practice),
        new EngineerCard(
            frame.say("practice.name"),
            "pat-practice",
            provider.name(),
            frame.say("facts.country.unknown"),
            "human",
            List.of(frame.say("practice.nobody")),
            Optional.empty()),
        frame.say("practice.ticket"),
        Assurance.GATED,
        List.of(),
        "");
  }

  private List<SentencePart> sentence(PageContext frame, Practice practice) {
    var id = practice.terms().resource();
    var resource = provider.resource(id).map(Resource::name).orElse(id.value());
    var who = frame.say("who.human");
    if (!practice.approves()) {
      return SentencePart.sentence(frame.words().pattern("sentence.deny"), List.of(who, resource));
    }
    var window = practice.terms().window();
    return SentencePart.sentence(
        frame.words().pattern("sentence.approve"),
        List.of(
            who,
            frame.say("level." + practice.terms().level().word() + ".does"),
            resource,
            frame.words().duration(window.length()),
            frame.time(window.notBefore()),
            frame.time(window.notAfter()),
            frame.say("limits.none"),
            frame.say("purpose.customer_ticket")));
  }

  private static boolean approves(MultiValueMap<String, String> form) {
    return switch (Optional.ofNullable(form.getFirst("decision")).orElse("")) {
      case "approve" -> true;
      case "deny" -> false;
      default -> throw Problem.malformed("a decision to practise is approve or deny");
    };
  }

  @PostMapping("/sign/practice/send")
  ResponseEntity<byte[]> send(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    var sending =
        signingTokens.send(SigningForm.secret(form, "draft")).orElseThrow(SigningForm::used);
    var passkeys = passkeys(sending.context());
    var signature = SigningForm.assertion(form, passkeys);
    if (!passkeys.hold(sending.unsigned(), signature)) {
      throw Problem.refused("signature", "the signature does not hold");
    }
    var practice = Practice.parse(sending.unsigned().payloadJson());
    var frame = parts.frames().stranger(request).in(sending.context().zone());
    return parts
        .pages()
        .page(
            "practice/done",
            Map.<String, Object>of(
                "frame", frame,
                "approves", practice.approves(),
                "quorum", quorum(sending.context()),
                "counts", counts(sending.context(), signature),
                "back", parts.sites().portal()));
  }

  private int quorum(SigningTokens.SigningContext taken) {
    return known.keyring(taken.tenant()).map(ring -> ring.quorum()).orElse(1);
  }

  /// Whether the key that signed would count in a decision today.
  private boolean counts(SigningTokens.SigningContext taken, Signature signature) {
    return known.keyring(taken.tenant()).flatMap(ring -> ring.key(signature.keyId())).isPresent();
  }

  private Passkeys passkeys(SigningTokens.SigningContext taken) {
    if (!(taken.intent() instanceof SigningIntent.Practise)) {
      throw SigningForm.used();
    }
    taken.person().caller().belongTo(taken.tenant());
    taken.person().caller().need(Role.APPROVER, "practise");
    return known.passkeys(taken.tenant(), taken.person().subject());
  }
}
