/// Drafts a catalogue from what a database declares and what its columns look like, for a human to
/// review. Samples are looked at in memory; no value of the database leaves this package.
@NullMarked
package org.openlockbox.postgres.propose;

import org.jspecify.annotations.NullMarked;
