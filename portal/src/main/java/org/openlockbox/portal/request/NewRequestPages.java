package org.openlockbox.portal.request;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.access.Submission;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.policy.Effect;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.policy.Ruling;
import org.openlockbox.core.signing.VerifyingKey;
import org.openlockbox.portal.edge.FormFaults;
import org.openlockbox.portal.edge.FormFaults.FieldFault;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.Pages;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.PolicyWords;
import org.openlockbox.portal.wording.RequestSummary;
import org.openlockbox.portal.wording.RequestText;
import org.openlockbox.portal.wording.SentencePart;
import org.openlockbox.portal.wording.Sentences;
import org.openlockbox.portal.wording.VisibleTables;
import org.openlockbox.server.access.RequestSubmission;
import org.openlockbox.server.api.FormSubmissions;
import org.openlockbox.server.api.Visibility;
import org.openlockbox.server.identity.Role;
import org.openlockbox.server.identity.Secret;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.server.request.AccessRequests;
import org.openlockbox.server.request.EffectiveState;
import org.openlockbox.server.request.PastRequests;
import org.openlockbox.server.request.RequestExtension;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.openlockbox.server.tenant.Tenants.Tenant;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// Where an engineer asks for access: the form, and beside it what the customer will see, what the
/// policy will say, and how soon such requests were answered. Nothing is sent before the button.
@Controller
public final class NewRequestPages {
  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final Visibility visibility;
  private final FormSubmissions submissions;
  private final InstantSource clock;
  private final RequestSubmission asking;
  private final RandomGenerator random;

  public NewRequestPages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      Visibility visibility,
      FormSubmissions submissions,
      InstantSource clock,
      RequestSubmission asking,
      RandomGenerator random) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.visibility = visibility;
    this.submissions = submissions;
    this.clock = clock;
    this.asking = asking;
    this.random = random;
  }

  /// What the customer will see, and what the policy will say.
  public record RequestPreview(
      List<SentencePart> sentence,
      RequestSummary facts,
      Optional<VisibleTables> seeing,
      Optional<String> extension,
      String outlook,
      String rule) {
    public RequestPreview {
      sentence = List.copyOf(sentence);
    }
  }

  /// The form; like an earlier request of one's own if `like` names one, and with the key that was
  /// just made if `passkey` holds one.
  @GetMapping("/ask")
  ResponseEntity<byte[]> open(
      Visitor visitor,
      @RequestParam(defaultValue = "") String like,
      @RequestParam(defaultValue = "") String passkey) {
    visitor.caller().need(Role.ENGINEER, "ask for access");
    var form = like.isEmpty() ? RequestForm.blank() : like(visitor, like);
    return form(200, visitor, form.withKey(passkeyText(passkey)), List.of(), Optional.empty());
  }

  /// The public half of a passkey, as the signing page sends it back; nothing if it is none.
  private static String passkeyText(String encoded) {
    try {
      return encoded.isEmpty()
          ? ""
          : CanonicalJson.text(
              VerifyingKey.parse(CanonicalJson.parse(Bytes.ofBase64Url(encoded))).toJson());
    } catch (IllegalArgumentException | MalformedJson e) {
      return "";
    }
  }

  private RequestForm like(Visitor visitor, String id) {
    var stored = visibility.request(visitor.caller(), null, id);
    if (!Visibility.owns(visitor.caller(), stored)) {
      throw Problem.notFound();
    }
    boolean open = EffectiveState.state(stored.request(), clock.instant()) == RequestState.APPROVED;
    return open
        ? RequestForm.extending(stored, visitor.zone(), clock.instant())
        : RequestForm.like(stored);
  }

  /// Shows what would be sent, or sends it.
  @PostMapping("/ask")
  ResponseEntity<byte[]> ask(Visitor visitor, @RequestParam MultiValueMap<String, String> fields) {
    visitor.caller().need(Role.ENGINEER, "ask for access");
    var form = new RequestForm(fields);
    var read =
        new RequestFormReader(
                provider, visitor.person(), visitor.zone(), last(visitor).map(this::key), form)
            .read();
    var customers = customers(visitor, form);
    var tenant = customers.chosen();
    return switch (read) {
      case FormResult.Faulty(var faults) -> bad(visitor, form, customers, faults);
      case FormResult.Usable(var wish) ->
          tenant.isEmpty()
              ? bad(visitor, form, customers, List.of())
              : good(visitor, form, tenant.get(), wish);
    };
  }

  private ResponseEntity<byte[]> bad(
      Visitor visitor, RequestForm form, CustomerChoice customers, List<FieldFault> faults) {
    var all = new ArrayList<FieldFault>();
    customers.fault(form).ifPresent(what -> all.add(new FieldFault("tenant", what)));
    all.addAll(faults);
    return form(form.has("do", "send") ? 422 : 200, visitor, form, all, Optional.empty());
  }

  private ResponseEntity<byte[]> good(
      Visitor visitor, RequestForm form, Tenant tenant, RequestSubmission.NewRequest wish) {
    try {
      if (form.has("do", "send")) {
        return Pages.seeOther("/requests/" + send(visitor, form, tenant, wish));
      }
      var preview = preview(visitor.frame(), wish, asking.outlook(tenant.id(), wish));
      return form(200, visitor, form, List.of(), Optional.of(preview));
    } catch (Problem problem) {
      if (problem.status() != 422 && problem.status() != 429) {
        throw problem;
      }
      var says = "ask.fault." + problem.code();
      var known = visitor.frame().words().knows(says) ? says : "ask.fault.refused";
      return form(
          problem.status(),
          visitor,
          form,
          List.of(new FieldFault("send", known)),
          Optional.empty());
    }
  }

  private RequestId send(
      Visitor visitor, RequestForm form, Tenant tenant, RequestSubmission.NewRequest wish) {
    var once = Secret.parse(form.value("once")).orElseThrow(Problem::notFound);
    return submissions.once(
        visitor.caller(),
        tenant.id(),
        once,
        form.sha256(),
        () -> asking.ask(tenant.id(), wish).stored().id());
  }

  private RequestPreview preview(
      PageContext frame,
      RequestSubmission.NewRequest wish,
      RequestSubmission.PredictedRequest outlook) {
    var resource = resource(wish.terms().resource());
    var name = resource.map(Resource::name).orElse("");
    var told =
        new RequestText(
            outlook.submission(),
            Optional.of(outlook.name().text()),
            Optional.of(wish.reason().text()),
            wish.statements());
    var terms = wish.terms();
    return new RequestPreview(
        new Sentences(frame.asTheCustomer(), told, name).request(),
        RequestSummary.unsent(frame.asTheCustomer(), told, name),
        resource.map(
            one ->
                VisibleTables.of(
                    one, outlook.submission().tenant(), terms.level(), terms.limits().tables())),
        extension(frame, outlook.submission()),
        outlook(frame, outlook),
        rule(frame, outlook.ruling()));
  }

  private Optional<String> extension(PageContext frame, Submission asked) {
    var requests = AccessRequests.of(store.jdbc(), asked.tenant());
    return RequestExtension.of(requests, asked, clock.instant())
        .flatMap(one -> ExtensionLines.means(frame, one));
  }

  private static String rule(PageContext frame, Ruling.ByRule ruling) {
    return ruling.says().equals(Policy.NO_RULE)
        ? frame.say("outlook.norule")
        : frame.say("outlook.rule", new PolicyWords(frame).says(ruling.rule(), ruling.says()));
  }

  private static String outlook(PageContext frame, RequestSubmission.PredictedRequest outlook) {
    var policy = outlook(frame, outlook.ruling().effect());
    return outlook.submission().providerReview()
        ? frame.say("outlook.review") + " " + policy
        : policy;
  }

  private static String outlook(PageContext frame, Effect effect) {
    return switch (effect) {
      case Effect.Deny _ -> frame.say("outlook.deny");
      case Effect.Approve _ -> frame.say("outlook.approve");
      case Effect.Ask(var approvers) -> frame.say("outlook.ask", approvers.quorum());
    };
  }

  private CustomerChoice customers(Visitor visitor, RequestForm form) {
    return CustomerChoice.of(store, form, visitor.person().subject(), clock.instant());
  }

  private Optional<Resource> resource(ResourceId id) {
    return provider.resource(id);
  }

  /// The newest request of this engineer: its key is offered again.
  private Optional<StoredRequest> last(Visitor visitor) {
    var own = visitor.person().subject();
    var filter =
        new AccessRequests.RequestFilter(
            Optional.empty(), Optional.of(own), Optional.empty(), Optional.empty(), 1);
    return AccessRequests.list(store.jdbc(), filter, clock.instant()).stream()
        .filter(one -> one.submission().engineer().id().equals(own))
        .findFirst();
  }

  private VerifyingKey key(StoredRequest stored) {
    return stored.submission().engineer().key();
  }

  private ResponseEntity<byte[]> form(
      int status,
      Visitor visitor,
      RequestForm form,
      List<FieldFault> faults,
      Optional<RequestPreview> preview) {
    var resources =
        offered(form, provider.resources(), one -> form.has("resource", one.id().value()));
    var chosen =
        resources.stream().filter(one -> form.has("resource", one.id().value())).findFirst();
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("form", form);
    model.put("faults", new FormFaults(faults));
    var customers = customers(visitor, form);
    model.put("customers", customers);
    model.put(
        "tenants",
        offered(
            form, customers.offered(), one -> customers.chosen().filter(one::equals).isPresent()));
    model.put("resources", resources);
    model.put("resource", chosen.or(() -> resources.stream().findFirst()));
    model.put("known", last(visitor).map(this::key).map(key -> key.keyId().hex()));
    model.put("timesToDecide", timesToDecide(customers.chosen()));
    model.put("preview", preview);
    model.put("once", Secret.random(random).forTheBrowser());
    return parts.pages().page(status, "ask", model);
  }

  /// An extension is about the same customer and system, so it offers no other.
  private static <T> List<T> offered(RequestForm form, List<T> all, Predicate<T> chosen) {
    var same = form.isExtension() ? all.stream().filter(chosen).toList() : List.<T>of();
    return same.isEmpty() ? all : same;
  }

  private List<PastRequests.TimeToDecide> timesToDecide(Optional<Tenant> chosen) {
    return chosen
        .map(one -> new PastRequests(store.jdbc(), one.id(), clock.instant()).timesToDecide())
        .orElse(List.of());
  }
}
