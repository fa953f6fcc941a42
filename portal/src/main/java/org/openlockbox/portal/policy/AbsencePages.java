package org.openlockbox.portal.policy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.openlockbox.core.access.Window;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.policy.Absence;
import org.openlockbox.core.policy.Policy;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.portal.edge.FormFaults;
import org.openlockbox.portal.edge.FormFaults.FieldFault;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.portal.edge.Visitor;
import org.openlockbox.portal.wording.PolicyWords;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.proposal.Proposals;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// An approver says that they are away and who stands in for them, or that they are back. Both are
/// proposals of the policy that is in force with this one difference; a quorum signs them.
@Controller
public final class AbsencePages {
  private final PortalEdge.Parts parts;
  private final Store store;
  private final InstantSource clock;
  private final Proposals proposals;

  public AbsencePages(
      PortalEdge.Parts parts, Store store, InstantSource clock, Proposals proposals) {
    this.parts = parts;
    this.store = store;
    this.clock = clock;
    this.proposals = proposals;
  }

  /// The form as it was sent.
  public record AbsenceForm(String standIn, String from, String until) {}

  private Keyring keyring(Visitor visitor) {
    var keyring = store.tenants().keyring(PolicyProposal.tenant(visitor));
    if (!keyring.approvers().contains(self(visitor))) {
      throw Problem.roleCannot("only approvers need somebody to stand in for them");
    }
    return keyring;
  }

  private static SubjectId self(Visitor visitor) {
    return visitor.person().subject();
  }

  @GetMapping("/away")
  ResponseEntity<byte[]> show(Visitor visitor) {
    return page(200, visitor, new AbsenceForm("", "", ""), List.of());
  }

  private ResponseEntity<byte[]> page(
      int status, Visitor visitor, AbsenceForm form, List<FieldFault> faults) {
    var keyring = keyring(visitor);
    var words = new PolicyWords(visitor.frame());
    var model = new HashMap<String, Object>();
    model.put("frame", visitor.frame());
    model.put("zone", visitor.frame().words().zoneName(clock.instant(), visitor.zone()));
    model.put("form", form);
    model.put("faults", new FormFaults(faults));
    model.put("needless", keyring.policy().groups().isEmpty());
    model.put("others", others(keyring, self(visitor)));
    model.put("own", own(keyring.policy(), visitor).map(words::absence).toList());
    return parts.pages().page(status, "policy/away", model);
  }

  private static List<SubjectId> others(Keyring keyring, SubjectId self) {
    return keyring.approvers().stream().filter(one -> !one.equals(self)).sorted().toList();
  }

  /// Those of whoever looks that are not over.
  private Stream<Absence> own(Policy policy, Visitor visitor) {
    return lasting(policy).filter(absence -> absence.of().equals(self(visitor)));
  }

  private Stream<Absence> lasting(Policy policy) {
    return policy.absences().stream()
        .filter(absence -> absence.window().notAfter().isAfter(clock.instant()));
  }

  /// Proposes that somebody stands in for whoever sends this.
  @PostMapping("/away")
  ResponseEntity<byte[]> away(
      Visitor visitor,
      @RequestParam(defaultValue = "") String standIn,
      @RequestParam(defaultValue = "") String from,
      @RequestParam(defaultValue = "") String until) {
    var keyring = keyring(visitor);
    var form = new AbsenceForm(standIn, from, until);
    return switch (read(visitor, keyring, form)) {
      case FormResult.Faulty(var faults) -> page(422, visitor, form, faults);
      case FormResult.Usable(var absence) ->
          propose(
              visitor,
              keyring,
              Stream.concat(lasting(keyring.policy()), Stream.of(absence)).toList());
    };
  }

  private FormResult<Absence, FieldFault> read(Visitor visitor, Keyring keyring, AbsenceForm form) {
    var standIn =
        others(keyring, self(visitor)).stream()
            .filter(one -> one.value().equals(form.standIn()))
            .findFirst();
    if (standIn.isEmpty()) {
      return FormResult.Faulty.because(new FieldFault("standIn", "away.fault.standIn"));
    }
    try {
      var window =
          new Window(time(form.from(), visitor.zone()), time(form.until(), visitor.zone()));
      return window.notAfter().isAfter(clock.instant())
          ? new FormResult.Usable<>(new Absence(self(visitor), standIn.get(), window))
          : FormResult.Faulty.because(new FieldFault("time", "away.fault.time"));
    } catch (DateTimeException | IllegalArgumentException e) {
      return FormResult.Faulty.because(new FieldFault("time", "away.fault.time"));
    }
  }

  private static Instant time(String local, ZoneId zone) {
    return LocalDateTime.parse(local).atZone(zone).toInstant();
  }

  /// Proposes that nobody stands in for whoever sends this any more.
  @PostMapping("/away/back")
  ResponseEntity<byte[]> back(Visitor visitor) {
    var keyring = keyring(visitor);
    return propose(
        visitor,
        keyring,
        lasting(keyring.policy()).filter(absence -> !absence.of().equals(self(visitor))).toList());
  }

  private ResponseEntity<byte[]> propose(Visitor visitor, Keyring keyring, List<Absence> absences) {
    var now = keyring.policy();
    if (absences.size() > Policy.MOST) {
      throw Problem.refused("absences", "a policy has at most 100 absences");
    }
    return PolicyProposal.open(parts, proposals, visitor, keyring, now.withAbsences(absences));
  }
}
