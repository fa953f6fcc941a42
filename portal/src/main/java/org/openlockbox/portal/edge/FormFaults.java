package org.openlockbox.portal.edge;

import java.util.List;
import java.util.Optional;

/// Which fields of a form are wrong, and what to say beside each.
public record FormFaults(List<FieldFault> faults) {
  public static final FormFaults NONE = new FormFaults(List.of());

  public FormFaults {
    faults = List.copyOf(faults);
  }

  /// What is wrong with a field; `says` is a message id.
  public record FieldFault(String field, String says) {}

  public boolean isEmpty() {
    return faults.isEmpty();
  }

  /// The message about this field, if something is wrong with it.
  public Optional<String> of(String field) {
    return faults.stream()
        .filter(fault -> fault.field().equals(field))
        .map(FieldFault::says)
        .findFirst();
  }

  /// For `aria-invalid`, which is left out where nothing is wrong.
  public Optional<String> invalid(String field) {
    return of(field).map(_ -> "true");
  }

  /// For `aria-describedby`, which names the words about the fault.
  public Optional<String> describedBy(String field) {
    return of(field).map(_ -> field + "-fault");
  }
}
