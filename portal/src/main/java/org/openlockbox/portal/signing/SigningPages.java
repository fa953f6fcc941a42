package org.openlockbox.portal.signing;

import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.passkey.Ceremony;
import org.openlockbox.portal.passkey.Passkeys;
import org.openlockbox.portal.passkey.SigningForm;
import org.openlockbox.portal.request.RequestChanges;
import org.openlockbox.portal.wording.LimitSheet.LimitFault;
import org.openlockbox.portal.wording.LoggedRequest;
import org.openlockbox.portal.wording.RequestLine;
import org.openlockbox.server.access.RefusedSignatures;
import org.openlockbox.server.access.RequestSteps;
import org.openlockbox.server.access.SigningTokens;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The pages of the approve origin: the statement that is about to be signed, in one sentence made
/// from its very bytes, and the taking of the signature. Who comes here shows a [SigningTokens]
/// token; there is no cookie and nobody signs in.
@Controller
public final class SigningPages {
  private static final Pattern PAGE = Pattern.compile("[a-z]+(?:/[A-Za-z0-9-]+)?");

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final RequestsToSign requests;
  private final RefusedSignatures refused;
  private final InstantSource clock;
  private final SigningTokens signingTokens;
  private final RequestSteps steps;
  private final SecureRandom random;

  public SigningPages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      RequestsToSign requests,
      RefusedSignatures refused,
      InstantSource clock,
      SigningTokens signingTokens,
      RequestSteps steps,
      SecureRandom random) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.requests = requests;
    this.refused = refused;
    this.clock = clock;
    this.signingTokens = signingTokens;
    this.steps = steps;
    this.random = random;
  }

  /// Where a browser goes that loads a signing page again or comes back to it: the page of the
  /// portal that had led there, as it is now. No other address is taken.
  @GetMapping("/sign")
  ResponseEntity<byte[]> back(@RequestParam(defaultValue = "") String page) {
    var known = Optional.of(page).filter(path -> PAGE.matcher(path).matches());
    return Pages.seeOther(parts.sites().portal() + "/" + known.orElse(""));
  }

  @PostMapping("/sign")
  ResponseEntity<byte[]> draft(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    var token = SigningForm.secret(form, "handover");
    var taken = signingTokens.look(token).orElseThrow(SigningForm::used);
    var stored = requests.stored(taken);
    var frame = parts.frames().signer(request, taken.person(), taken.zone());
    if (!stored.etag().equals(RequestsToSign.intent(taken).etag()) && !isVeto(form, stored)) {
      return changed(frame, stored, taken, "changed.lead");
    }
    var asked = LoggedRequest.read(store, stored);
    var subject = taken.person().subject();
    Envelope unsigned;
    try {
      unsigned =
          new StatementDraft(asked, subject, form)
              .statement(clock.instant(), random, frame.words());
    } catch (Problem problem) {
      return again(frame, form, stored, problem);
    }
    var draft = signingTokens.draft(token, unsigned).orElseThrow(SigningForm::used);
    return parts
        .pages()
        .page("sign", model(frame, asked, stored, unsigned, draft, requests.passkeys(taken)));
  }

  /// Asks once more for what is missing, where it is chosen or typed; the token is good still.
  private ResponseEntity<byte[]> again(
      PageContext frame,
      MultiValueMap<String, String> form,
      StoredRequest stored,
      Problem problem) {
    var portal = parts.sites().portal() + "/requests/" + stored.id();
    return switch (problem.code()) {
      case "nothing_less" -> Pages.seeOther(portal + LimitFault.NOTHING.address(field(form)));
      case "tables_missing" -> Pages.seeOther(portal + LimitFault.TABLES.address(field(form)));
      default -> {
        var denial = DenialForm.faulty("/sign", form, problem).orElseThrow(() -> problem);
        yield parts
            .pages()
            .page(422, "denying", Map.of("frame", frame, "form", denial, "back", portal));
      }
    };
  }

  private static UnaryOperator<String> field(MultiValueMap<String, String> form) {
    return name -> Optional.ofNullable(form.getFirst(name)).orElse("");
  }

  /// Whether it is a no that still has something to stop: that needs no second look.
  private boolean isVeto(MultiValueMap<String, String> form, StoredRequest stored) {
    var state = EffectiveState.state(stored.request(), clock.instant());
    return switch (String.valueOf(form.getFirst("decision"))) {
      case "deny" -> state == RequestState.PENDING;
      case "revoke" -> state == RequestState.APPROVED;
      default -> false;
    };
  }

  private Map<String, Object> model(
      PageContext frame,
      LoggedRequest asked,
      StoredRequest stored,
      Envelope unsigned,
      Secret draft,
      Passkeys passkeys) {
    var name = RequestLine.resourceName(provider, stored);
    var statement = SignableStatement.read(frame, asked, name, unsigned);
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("statement", statement);
    model.put(
        "ceremony",
        Ceremony.of(
            parts.sites(), unsigned, draft, passkeys, "/sign/send", "/requests/" + stored.id()));
    return model;
  }

  /// Says what is different since the page was opened, after this sentence about what was signed.
  private ResponseEntity<byte[]> changed(
      PageContext frame, StoredRequest stored, SigningTokens.SigningContext taken, String lead) {
    return RequestChanges.since(frame, store, stored, RequestsToSign.intent(taken).version())
        .page(parts, frame, stored.id(), lead);
  }

  @PostMapping("/sign/send")
  ResponseEntity<byte[]> send(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    var sending = SigningForm.sending(form, signingTokens, refused);
    var taken = sending.context();
    var stored = requests.stored(taken);
    try {
      refused.noting(
          stored.tenant(),
          taken.person().subject(),
          stored.id().value(),
          () -> take(sending, form));
    } catch (Problem problem) {
      var now = requests.stored(taken);
      if (now.etag().equals(RequestsToSign.intent(taken).etag())) {
        throw problem;
      }
      var frame = parts.frames().signer(request, taken.person(), taken.zone());
      return changed(frame, now, taken, "changed.late");
    }
    return Pages.seeOther(parts.sites().portal() + "/requests/" + stored.id());
  }

  private RequestSteps.StepResult take(
      SigningTokens.DraftToSend sending, MultiValueMap<String, String> form) {
    var taken = sending.context();
    var envelope = sending.unsigned().with(SigningForm.assertion(form, requests.passkeys(taken)));
    var shown = Optional.of(RequestsToSign.intent(taken).etag());
    return steps.take(taken.tenant(), SignableStatement.event(envelope), shown);
  }
}
