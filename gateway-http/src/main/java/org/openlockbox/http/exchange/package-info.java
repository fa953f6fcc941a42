/// One request and its answer.
@NullMarked
package org.openlockbox.http.exchange;

import org.jspecify.annotations.NullMarked;
