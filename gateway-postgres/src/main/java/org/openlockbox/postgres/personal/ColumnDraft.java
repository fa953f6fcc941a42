package org.openlockbox.postgres.personal;

import java.util.Optional;
import org.openlockbox.postgres.catalogue.Mask.SimpleMask;

/// What a draft says about one column: how it is masked, or that it is hidden; what it seems to
/// hold, and what the guess stands on.
///
/// `mask` is empty for a hidden column.
public record ColumnDraft(String column, Optional<SimpleMask> mask, Content content, String basis) {

  /// What a column seems to hold.
  public enum Content {
    /// A credential: hidden at every level.
    SECRET,
    /// What tells of one person.
    PERSONAL,
    /// Texts and documents, which may say anything.
    ANYTHING
  }

  public boolean isHidden() {
    return mask.isEmpty();
  }
}
