/// Tests of answers in JSON.
@NullMarked
package org.openlockbox.http.json;

import org.jspecify.annotations.NullMarked;
