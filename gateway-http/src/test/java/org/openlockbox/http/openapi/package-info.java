/// Tests of what is made of an OpenAPI document.
@NullMarked
package org.openlockbox.http.openapi;

import org.jspecify.annotations.NullMarked;
