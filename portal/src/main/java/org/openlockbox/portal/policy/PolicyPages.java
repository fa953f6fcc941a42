package org.openlockbox.portal.policy;

import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.policy.Lint;
import org.openlockbox.core.policy.LintFinding;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.policy.PolicyText;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.keys.ProposalRights;
import org.openlockbox.portal.policy.DraftForm.DraftSource;
import org.openlockbox.portal.wording.PolicyWords;
import org.openlockbox.server.policy.PolicyDrafts;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// A tenant's policy: what is in force, and the draft of another one, which is looked at before it
/// is proposed. A draft is in the pages alone until then: nothing of it is stored.
@Controller
public final class PolicyPages {
  private static final int UNPROCESSABLE = 422;
  private static final int CONFLICT = 409;

  private final PortalEdge.Parts parts;
  private final Provider provider;
  private final Store store;
  private final PolicyDrafts drafts;
  private final Proposals proposals;

  public PolicyPages(
      PortalEdge.Parts parts,
      Provider provider,
      Store store,
      PolicyDrafts drafts,
      Proposals proposals) {
    this.parts = parts;
    this.provider = provider;
    this.store = store;
    this.drafts = drafts;
    this.proposals = proposals;
  }

  @GetMapping("/policy")
  ResponseEntity<byte[]> show(Visitor visitor) {
    var keyring = keyring(visitor);
    var policy = keyring.policy();
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("policy", policy);
    model.put("since", keyring.policySince());
    model.put("words", new PolicyWords(visitor.frame()));
    model.put("quorum", keyring.quorum());
    model.put("approvers", keyring.approvers().stream().sorted().toList());
    model.put("findings", Lint.of(policy, keyring.approvers()));
    model.put(
        "mayPropose",
        ProposalRights.may(visitor.caller(), new KeyringChange.Edit.ReplacePolicy(policy)));
    model.put("isApprover", keyring.approvers().contains(visitor.person().subject()));
    return parts.pages().page("policy/policy", model);
  }

  private Keyring keyring(Visitor visitor) {
    return store.tenants().keyring(PolicyProposal.tenant(visitor));
  }

  /// The draft begins as what is in force.
  @GetMapping("/policy/edit")
  ResponseEntity<byte[]> begin(Visitor visitor, @RequestParam(defaultValue = "form") String as) {
    var keyring = drafted(visitor);
    return edit(
        200,
        visitor,
        keyring.policySince(),
        as.equals("text") ? text(keyring.policy()) : form(keyring.policy()),
        List.of());
  }

  /// The keyring, for those who may propose another policy.
  private Keyring drafted(Visitor visitor) {
    var keyring = keyring(visitor);
    ProposalRights.need(visitor.caller(), new KeyringChange.Edit.ReplacePolicy(keyring.policy()));
    return keyring;
  }

  private static DraftSource form(Policy policy) {
    return new DraftSource.FormDraft(PolicyForm.of(policy));
  }

  private static DraftSource text(Policy policy) {
    return new DraftSource.TextDraft(PolicyText.yaml(policy));
  }

  private ResponseEntity<byte[]> edit(
      int status, Visitor visitor, long base, DraftSource written, List<DraftFault> places) {
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("base", base);
    model.put("places", places);
    return switch (written) {
      case DraftSource.FormDraft(var form) -> {
        model.put("form", form);
        model.put("sentences", form.sentences(visitor.frame()));
        model.put("resources", provider.resources());
        model.put("approvers", keyring(visitor).approvers().stream().sorted().toList());
        yield parts.pages().page(status, "policy/form", model);
      }
      case DraftSource.TextDraft(var text) -> {
        model.put("text", text);
        yield parts.pages().page(status, "policy/text", model);
      }
    };
  }

  /// One step with a draft: to change the shape of the form, to see it in the other spelling, to
  /// look at what it would do, or to propose it.
  @PostMapping("/policy/edit")
  ResponseEntity<byte[]> step(Visitor visitor, @RequestParam MultiValueMap<String, String> fields) {
    var keyring = drafted(visitor);
    var sent = new DraftForm(fields);
    var written = sent.mode(keyring.policy()).orElseGet(sent::written);
    if (sent.base().isEmpty()) {
      var places = List.of(DraftFault.said("", "policy.fault.base"));
      return edit(UNPROCESSABLE, visitor, keyring.policySince(), written, places);
    }
    long base = sent.base().getAsLong();
    if (written instanceof DraftSource.FormDraft(var form)) {
      var reshaped = reshaped(form, sent.action(), sent.template());
      if (reshaped.isPresent()) {
        var shown = new DraftSource.FormDraft(reshaped.get());
        return edit(200, visitor, base, shown, List.of());
      }
    }
    return switch (DraftForm.read(visitor.frame(), written)) {
      case FormResult.Faulty(var places) -> edit(UNPROCESSABLE, visitor, base, written, places);
      case FormResult.Usable(var policy) ->
          good(visitor, keyring, sent.action(), base, written, policy);
    };
  }

  private static Optional<PolicyForm> reshaped(
      PolicyForm form, String action, RuleTemplate template) {
    var words = action.split(" ", 2);
    int at = words.length == 2 && words[1].matches("\\d{1,4}") ? Integer.parseInt(words[1]) : -1;
    return switch (words[0]) {
      case "add" -> Optional.of(form.withRule(template));
      case "remove" -> Optional.of(form.withoutRule(at));
      case "up" -> Optional.of(form.withRuleUp(at));
      case "down" -> Optional.of(form.withRuleUp(at + 1));
      default -> Optional.empty();
    };
  }

  private ResponseEntity<byte[]> good(
      Visitor visitor,
      Keyring keyring,
      String action,
      long base,
      DraftSource written,
      Policy policy) {
    return switch (action) {
      case "form" -> edit(200, visitor, base, form(policy), List.of());
      case "text" -> edit(200, visitor, base, kept(written, policy), List.of());
      case "propose" ->
          base == keyring.policySince()
              ? PolicyProposal.open(parts, proposals, visitor, keyring, policy)
              : look(CONFLICT, visitor, keyring, base, written, policy);
      default -> look(200, visitor, keyring, base, written, policy);
    };
  }

  /// As it was written, if it was written as a text: with its comments.
  private static DraftSource kept(DraftSource written, Policy policy) {
    return written instanceof DraftSource.TextDraft ? written : text(policy);
  }

  private ResponseEntity<byte[]> look(
      int status, Visitor visitor, Keyring keyring, long base, DraftSource written, Policy policy) {
    var words = new PolicyWords(visitor.frame());
    var before = keyring.at(base).policy();
    var look = drafts.look(PolicyProposal.tenant(visitor), policy);
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("look", look);
    model.put("words", words);
    model.put("differences", words.differences(keyring.policy(), policy));
    model.put("base", keyring.policySince());
    boolean replaced = base != keyring.policySince();
    model.put("replaced", replaced);
    model.put("meanwhile", replaced ? words.differences(before, keyring.policy()) : List.of());
    model.put("text", kept(written, policy) instanceof DraftSource.TextDraft(var text) ? text : "");
    model.put(
        "unsound",
        look.findings().stream().anyMatch(one -> one.severity() == LintFinding.LintSeverity.ERROR));
    return parts.pages().page(status, "policy/look", model);
  }

  /// For templates: the resources that a rule names and the provider does not have any more.
  public static List<String> unknown(FormPart rule, List<Resource> resources) {
    return rule.besides(
        "match.resources",
        resources.stream().map(one -> one.id().value()).collect(Collectors.toSet()));
  }

  /// For templates: the ids of those who approve today, and of whoever else stands in this field,
  /// so that nobody is lost.
  public static List<String> choices(FormPart part, String path, List<SubjectId> approvers) {
    var known = approvers.stream().map(SubjectId::value).toList();
    return Stream.concat(known.stream(), part.besides(path, Set.copyOf(known)).stream()).toList();
  }

  /// For templates: what is wrong within one part of the form, beside none of these fields of it.
  public static List<DraftFault> within(List<DraftFault> places, String part, String... fields) {
    return DraftFault.within(places, part, Set.of(fields));
  }

  /// For templates: what countries are called.
  public static List<String> countries(PageContext frame) {
    return CountryNames.names(frame.words().locale());
  }

  /// For templates: what is wrong within one rule, beside no field of it.
  public static List<DraftFault> withinRule(List<DraftFault> places, String part) {
    return DraftFault.within(places, part, FormPart.fieldNames());
  }

  /// For templates: whether anything is wrong in this part of the form.
  public static boolean isFaulty(List<DraftFault> places, String part) {
    return !DraftFault.within(places, part, Set.of()).isEmpty();
  }

  /// For templates: what is wrong with one field.
  public static List<DraftFault> at(List<DraftFault> places, String field) {
    return places.stream().filter(place -> place.path().equals(field)).toList();
  }
}
