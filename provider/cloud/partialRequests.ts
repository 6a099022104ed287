/**
 * The vendor's message types have every field required, and their encoders fail on one that is missing. Callers name
 * only what they mean; the rest is filled in with the defaults of the protocol.
 */

/** A method of a generated service definition, as far as it matters here. */
interface Method<Request, Response> {
  path: string;
  requestSerialize(value: Request): Buffer;
  requestDeserialize(bytes: Buffer): Request;
  responseDeserialize(bytes: Buffer): Response;
}

type Definition = Record<string, Method<never, unknown>>;

/** A message of which may be left out: every field at its top, and below what may be undefined. */
export type Request<Message> = Partial<{ [Field in keyof Message]: Given<Message[Field]> }>;

type Given<Value> = Value extends Date | Uint8Array
  ? Value
  : Value extends (infer Element)[]
    ? Given<Element>[]
    : Value extends object
      ? { [Field in keyof Value as undefined extends Value[Field] ? never : Field]: Given<Value[Field]> } & {
          [Field in keyof Value as undefined extends Value[Field] ? Field : never]?: Given<Value[Field]>;
        }
      : Value;

/** The client of a service. */
export type ClientOf<Service, Options> = {
  [Name in keyof Service]: Service[Name] extends Method<infer Message, infer Response>
    ? (request: Request<Message>, options?: Options) => Promise<Response>
    : never;
};

/** The same definition, whose methods take requests that leave things out. */
export function withRequestDefaults<Service extends object>(definition: Service): Service {
  const methods = Object.entries(definition as Definition).map(([name, method]) => {
    const requestSerialize = (given: object): Buffer =>
      method.requestSerialize({
        ...(method.requestDeserialize(Buffer.alloc(0)) as object),
        ...defined(given),
      } as never);
    return [name, { ...method, requestSerialize }];
  });
  return Object.fromEntries(methods) as Service;
}

/** A field that is set to undefined is left out like one that is not there. */
const defined = (given: object): object =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
