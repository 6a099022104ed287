import { createHash } from "node:crypto";
import type { CallRecord } from "../calls/calls";
import type { State } from "../store/state";
import type { HttpCall, HttpPart } from "../transport/httpCall";
import { accessOf, named } from "./statusPage/access";
import { callsOf } from "./statusPage/calls";
import { Html, html } from "./statusPage/html";
import { live } from "./statusPage/live";
import { style } from "./statusPage/style";
import { exact } from "./statusPage/times";

export interface StatusPageOptions {
  state: State;
  calls: readonly CallRecord[];
  /** The folder and cloud that were there first. */
  home: { folderId: string; cloudId: string };
  /** Where the same is reached over TLS. */
  tls: () => { tlsUrl: string; tlsEndpoint: string };
}

/**
 * What the local cloud holds, as one page to read in a browser. It holds no secret and changes nothing; its own script
 * alone runs, and asks nobody but this cloud. Without scripts it is the same page, as it was when it was loaded.
 */
export function openStatusPage(options: StatusPageOptions): HttpPart {
  return (http) => {
    if (http.method === "GET" && http.path === "/health")
      return { errors: "plain", answer: () => ({ status: 200, json: { status: "SERVING" } }) };
    if (http.method !== "GET" || http.path !== "/") return undefined;
    const type = "text/html; charset=utf-8";
    return { errors: "plain", answer: () => ({ status: 200, bytes: Buffer.from(page(options, http).text), type }) };
  };
}

/** Nothing may come between its text and its tags: the policy names the text by its hash. */
const element = (name: string, text: string): Html => new Html(`<${name}>${text}</${name}>`);

const hashOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** A name that somebody gave to an account can be anything; the browser runs and loads nothing but what stands here. */
const policy = `default-src 'none'; script-src ${hashOf(live)}; style-src ${hashOf(style)}; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'`;

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%230b62d6' d='M4.5 13a3.5 3.5 0 0 1-.4-7A4.5 4.5 0 0 1 12.7 7a3 3 0 0 1-.2 6z'/%3E%3C/svg%3E";

const page = (options: StatusPageOptions, http: HttpCall): Html => {
  const now = options.state.clock.now();
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <title>Local cloud</title>
        <link rel="icon" href="${icon}" />
        ${element("style", style)}
      </head>
      <body>
        ${headline(options, now)} ${addresses(options, http)}
        <main>${accessOf(options.state, now)} ${callsOf(options.state, options.calls, now)}</main>
        <footer>
          <p>
            This page holds no secret: <code>npm run env</code> writes a key into <code>.env</code>. What this cloud can
            do: emulator/COVERAGE.md.
          </p>
        </footer>
        ${element("script", live)}
      </body>
    </html> `;
};

function headline({ state, home }: StatusPageOptions, now: number): Html {
  const [folder, cloud] = [state.folders.peek(home.folderId)?.name ?? "", state.clouds.peek(home.cloudId)?.name ?? ""];
  return html`<header id="headline">
    <h1>Local cloud</h1>
    <p class="state">
      <b></b>, its time is <time datetime="${exact(now)}" title="${exact(now)}">${exact(now).slice(11, 19)} UTC</time>
    </p>
    <p>Folder ${named(folder, home.folderId)} in cloud ${named(cloud, home.cloudId)}</p>
    <nav><a href="#access">Access</a> <a href="#calls">Calls</a></nav>
  </header>`;
}

function addresses({ home, tls }: StatusPageOptions, http: HttpCall): Html {
  const { url, grpc } = http.addresses;
  const { tlsUrl, tlsEndpoint } = tls();
  const rows = [
    ["REST and AI", url],
    ["REST and AI, TLS", tlsUrl],
    ["gRPC", grpc],
    ["gRPC, TLS", tlsEndpoint],
    ["OpenAI clients", `${url}/v1`],
    ["Folder ID", home.folderId],
  ];
  const row = ([name, value]: string[]) =>
    html`<div>
      <dt>${name}</dt>
      <dd><code>${value}</code></dd>
      <button type="button" value="${value}">copy</button>
    </div>`;
  return html`<section id="addresses" class="addresses">
    <h2>Addresses</h2>
    <dl>${rows.map(row)}</dl>
  </section>`;
}
