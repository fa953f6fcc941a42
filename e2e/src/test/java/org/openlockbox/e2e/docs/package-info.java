/// The documentation, read by a program.
@NullMarked
package org.openlockbox.e2e.docs;

import org.jspecify.annotations.NullMarked;
