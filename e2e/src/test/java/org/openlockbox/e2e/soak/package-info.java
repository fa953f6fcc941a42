/// Long steady use, and what must not have grown afterwards.
@NullMarked
package org.openlockbox.e2e.soak;

import org.jspecify.annotations.NullMarked;
