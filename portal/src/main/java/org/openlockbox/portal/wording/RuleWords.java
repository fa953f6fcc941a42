package org.openlockbox.portal.wording;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.policy.Effect;
import org.openlockbox.core.policy.Escalation;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.policy.RuleId;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;

/// By which rule of which signed policy a request goes, whom it asks, and who may decide as well
/// once it has waited. What is in force when somebody decides is what counts; so whom the rule asks
/// is said only while that policy is still in force.
public final class RuleWords {
  private final PageContext frame;
  private final StoredRequest stored;
  private final Keyring keyring;
  private final String customer;

  private RuleWords(PageContext frame, StoredRequest stored, Keyring keyring, String customer) {
    this.frame = frame;
    this.stored = stored;
    this.keyring = keyring;
    this.customer = customer;
  }

  public static RuleWords of(PageContext frame, StoredRequest stored, Store store) {
    return new RuleWords(
        frame,
        stored,
        store.tenants().keyring(stored.tenant()),
        store.tenants().name(stored.tenant()));
  }

  public List<String> lines(RequestState state) {
    var lines = new ArrayList<String>();
    lines.add(ruled());
    if (state == RequestState.PENDING && stored.ruled().entry() == keyring.policySince()) {
      keyring.policy().rules().stream()
          .filter(rule -> rule.id().equals(stored.ruled().rule()))
          .forEach(rule -> addAsked(lines, rule.effect()));
    }
    if (stored.ruled().entry() == keyring.policySince()
        && keyring.policy().rules().stream()
            .filter(rule -> rule.id().equals(stored.ruled().rule()))
            .anyMatch(rule -> rule.match().restsOnFacts())) {
      lines.add(frame.say("ruled.facts"));
    }
    return lines;
  }

  private String ruled() {
    var ruled = stored.ruled();
    if (ruled.entry() == 0) {
      return frame.say(keyring.policySince() == 0 ? "ruled.none" : "ruled.none.then", customer);
    }
    if (ruled.says().equals(Policy.NO_RULE)) {
      return frame.say("ruled.norule", ruled.entry(), customer);
    }
    var says = new PolicyWords(frame).says(ruled.rule(), ruled.says());
    return ruled.rule().equals(RuleId.DEFAULT)
        ? frame.say("ruled.default", ruled.entry(), says, customer)
        : frame.say("ruled.rule", ruled.rule(), ruled.entry(), says, customer);
  }

  private void addAsked(List<String> lines, Effect effect) {
    if (effect instanceof Effect.Ask(var approvers)) {
      lines.add(new PolicyWords(frame).effect(effect));
      if (approvers.group().isPresent()) {
        keyring.policy().escalation().map(this::late).ifPresent(lines::add);
      }
    }
  }

  private String late(Escalation step) {
    var from = stored.createdAt().plus(step.after());
    return frame.now().isBefore(from)
        ? frame.say("ruled.late", frame.time(from), step.group())
        : frame.say("ruled.now", step.group());
  }
}
