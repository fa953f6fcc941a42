package org.openlockbox.portal.edge;

import java.util.List;

/// What came of reading a form: what its sender wants, or what has to be mended first, so that the
/// page shows the form again with it.
public sealed interface FormResult<T, F> {
  record Usable<T, F>(T wanted) implements FormResult<T, F> {}

  record Faulty<T, F>(List<F> faults) implements FormResult<T, F> {
    public Faulty {
      faults = List.copyOf(faults);
    }

    public static <T, F> Faulty<T, F> because(F fault) {
      return new Faulty<>(List.of(fault));
    }
  }
}
