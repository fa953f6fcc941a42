/// The forger's day: a provider that has turned, with its database and its keys, tells false
/// histories, and docs/threat-model.md says who notices which.
@NullMarked
package org.openlockbox.e2e.forger;

import org.jspecify.annotations.NullMarked;
