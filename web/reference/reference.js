"use strict";

// One description a service; the first is shown, the others are one choice away.
const services = ["gigs", "auth", "users", "chat", "orders", "reviews", "files", "gateway"];

SwaggerUIBundle({
  dom_id: "#reference",
  urls: services.map((name) => ({ name, url: `/docs/openapi/${name}.yaml` })),
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: "StandaloneLayout",
  deepLinking: true,
  showExtensions: true,
  validatorUrl: null, // nothing is sent elsewhere
  // A browser that is signed in sends its cookies; changing calls need the readable one as a header too.
  requestInterceptor: (request) => {
    const csrf = document.cookie.match(/(?:^|; )csrf=([^;]+)/);
    if (csrf) request.headers["X-CSRF-Token"] = decodeURIComponent(csrf[1]);
    return request;
  },
});
