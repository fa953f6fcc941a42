package org.openlockbox.core.statement;

import org.openlockbox.core.keyring.TextKind;

/// A text that an entry stands for without holding it.
public record CommittedText(TextKind kind, Commitment commitment) {}
