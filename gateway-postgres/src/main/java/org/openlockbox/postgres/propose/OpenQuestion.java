package org.openlockbox.postgres.propose;

import java.util.List;

/// What the draft could not decide: what it is about, one sentence, and the lines of the catalogue
/// that would answer it, if there are any.
record OpenQuestion(String subject, String sentence, List<String> answers) {
  OpenQuestion {
    answers = List.copyOf(answers);
  }

  OpenQuestion(String subject, String sentence) {
    this(subject, sentence, List.of());
  }
}
