package org.openlockbox.portal.audit;

import java.util.List;
import org.openlockbox.portal.highlight.StatementText;
import org.openlockbox.portal.highlight.TextSpan;
import org.openlockbox.portal.wording.PlainText;

/// What somebody wrote, or its beginning. Wherever the words of one are shown, it is shown too that
/// they are not all.
public record Excerpt(List<TextSpan> spans, boolean shortened) {
  public Excerpt {
    spans = List.copyOf(spans);
  }

  static Excerpt whole(String written) {
    return new Excerpt(StatementText.plain(PlainText.of(written)), false);
  }

  static Excerpt of(String written, boolean isSql, boolean shortened) {
    var words = PlainText.of(written);
    return new Excerpt(isSql ? StatementText.sql(words) : StatementText.plain(words), shortened);
  }
}
