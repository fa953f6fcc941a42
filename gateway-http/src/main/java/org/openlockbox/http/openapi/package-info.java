/// Reads what a service says of itself, to begin a catalogue with.
@NullMarked
package org.openlockbox.http.openapi;

import org.jspecify.annotations.NullMarked;
