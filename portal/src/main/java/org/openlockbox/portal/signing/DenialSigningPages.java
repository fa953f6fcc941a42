package org.openlockbox.portal.signing;

import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.passkey.Ceremony;
import org.openlockbox.portal.passkey.SigningForm;
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
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Several denials on one page of the approve origin: one reason, and for each request a statement,
/// a draft and a signature of its own. What came back without a signature is not sent, and a denial
/// that is not taken keeps no other from being taken.
@Controller
public final class DenialSigningPages {
  private static final int MOST = 20;
  private static final String BACK = "/deny";

  /// What a passkey answers with, for each statement.
  private static final List<String> ANSWER =
      List.of("draft", "credential", "authenticatorData", "clientDataJSON", "signature");

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final RequestsToSign requests;
  private final RefusedSignatures refused;
  private final InstantSource clock;
  private final SigningTokens signingTokens;
  private final RequestSteps steps;
  private final SecureRandom random;

  public DenialSigningPages(
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

  /// A statement of the page with what was asked, and what the browser needs to let a passkey sign
  /// it.
  public record DenialToSign(Submission asked, SignableStatement statement, Ceremony ceremony) {}

  private record ChosenDenial(
      Secret token, SigningTokens.SigningContext taken, StoredRequest stored) {}

  @PostMapping("/sign/denials")
  ResponseEntity<byte[]> draft(
      HttpServletRequest request, @RequestParam MultiValueMap<String, String> form) {
    if (isEmpty(form)) {
      return Pages.seeOther(parts.sites().portal() + "/deny?none=yes");
    }
    var denials = denials(form);
    var first = denials.getFirst().taken();
    var frame = parts.frames().stranger(request).in(first.zone());
    var waiting = denials.stream().filter(this::waits).toList();
    List<Envelope> unsigned; // all of them, before the first token is taken
    try {
      unsigned = waiting.stream().map(one -> statement(one, form, frame)).toList();
    } catch (Problem problem) {
      var again = DenialForm.faulty("/sign/denials", form, problem).orElseThrow(() -> problem);
      var back = parts.sites().portal() + BACK;
      return parts
          .pages()
          .page(422, "denying", Map.of("frame", frame, "form", again, "back", back));
    }
    var drafted = new ArrayList<DenialToSign>();
    for (int n = 0; n < waiting.size(); n++) {
      drafted.add(toSign(frame, waiting.get(n), unsigned.get(n)));
    }
    var model = new HashMap<String, Object>();
    model.put("frame", frame);
    model.put("denials", drafted);
    model.put("over", denials.size() - drafted.size());
    model.put("back", parts.sites().portal() + BACK);
    return parts.pages().page("several", model);
  }

  private static boolean isEmpty(MultiValueMap<String, String> form) {
    return !form.containsKey("handover") && List.of("deny").equals(form.get("decision"));
  }

  /// What was chosen: of one person, and at least one.
  private List<ChosenDenial> denials(MultiValueMap<String, String> form) {
    var tokens = form.getOrDefault("handover", List.of());
    if (tokens.isEmpty() || tokens.size() > MOST || !List.of("deny").equals(form.get("decision"))) {
      throw Problem.malformed("here at most %d requests are denied at once".formatted(MOST));
    }
    var denials =
        tokens.stream()
            .distinct()
            .map(token -> Secret.parse(token).orElseThrow(SigningForm::used))
            .map(
                token -> {
                  var taken = signingTokens.look(token).orElseThrow(SigningForm::used);
                  return new ChosenDenial(token, taken, requests.stored(taken));
                })
            .toList();
    if (denials.stream().map(one -> one.taken().person().id()).distinct().count() != 1) {
      throw SigningForm.used();
    }
    return denials;
  }

  private boolean waits(ChosenDenial denial) {
    return EffectiveState.state(denial.stored().request(), clock.instant()) == RequestState.PENDING;
  }

  private Envelope statement(
      ChosenDenial denial, MultiValueMap<String, String> form, PageContext frame) {
    var asked = LoggedRequest.read(store, denial.stored());
    return new StatementDraft(asked, denial.taken().person().subject(), form)
        .statement(clock.instant(), random, frame.words());
  }

  private DenialToSign toSign(PageContext frame, ChosenDenial denial, Envelope unsigned) {
    var draft = signingTokens.draft(denial.token(), unsigned).orElseThrow(SigningForm::used);
    var asked = LoggedRequest.read(store, denial.stored());
    var name = RequestLine.resourceName(provider, denial.stored());
    return new DenialToSign(
        asked.submission(),
        SignableStatement.read(frame, asked, name, unsigned),
        Ceremony.of(
            parts.sites(),
            unsigned,
            draft,
            requests.passkeys(denial.taken()),
            "/sign/denials/send",
            BACK));
  }

  @PostMapping("/sign/denials/send")
  ResponseEntity<byte[]> send(@RequestParam MultiValueMap<String, String> form) {
    answers(form).forEach(this::take);
    return Pages.seeOther(parts.sites().portal() + BACK);
  }

  /// Each signed draft with its own answer.
  private static List<MultiValueMap<String, String>> answers(MultiValueMap<String, String> form) {
    int count = form.getOrDefault("draft", List.of()).size();
    if (count == 0) {
      throw SigningForm.used();
    }
    if (count > MOST
        || ANSWER.stream().anyMatch(name -> form.getOrDefault(name, List.of()).size() != count)) {
      throw Problem.malformed("a statement has one answer");
    }
    return IntStream.range(0, count)
        .mapToObj(n -> answer(form, n))
        .filter(DenialSigningPages::isSigned)
        .toList();
  }

  private static MultiValueMap<String, String> answer(MultiValueMap<String, String> form, int n) {
    var answer = new LinkedMultiValueMap<String, String>();
    ANSWER.forEach(name -> answer.add(name, form.getOrDefault(name, List.of()).get(n)));
    return answer;
  }

  private static boolean isSigned(MultiValueMap<String, String> answer) {
    return Optional.ofNullable(answer.getFirst("signature"))
        .filter(it -> !it.isEmpty())
        .isPresent();
  }

  /// What is refused is noted for the tenant, as everywhere; the page behind lists what still
  /// waits.
  private void take(MultiValueMap<String, String> answer) {
    try {
      var sending = SigningForm.sending(answer, signingTokens, refused);
      var taken = sending.context();
      var stored = requests.stored(taken);
      refused.noting(
          stored.tenant(),
          taken.person().subject(),
          stored.id().value(),
          () -> {
            var envelope =
                sending.unsigned().with(SigningForm.assertion(answer, requests.passkeys(taken)));
            var shown = Optional.of(RequestsToSign.intent(taken).etag());
            return steps.take(taken.tenant(), SignableStatement.event(envelope), shown);
          });
    } catch (Problem noted) {
      if (noted.status() >= 500) {
        throw noted;
      }
    }
  }
}
