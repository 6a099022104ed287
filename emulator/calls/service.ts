import type {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServiceDefinition,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { Call } from "./calls";

/** A service as the transports see it: the vendor's definition of its calls, and what each does. A call without a method is not emulated. */
export interface Service {
  definition: ServiceDefinition;
  methods: Record<string, Method>;
  /** Calls that the path lets through without an IAM token: those that need none, or that judge the credential themselves. */
  open: readonly string[] | "all";
}

/** Message in, message out (or lists of messages, where a side streams), or a refusal thrown. It knows no transport. */
export type Method = (request: never, call: Call) => unknown;

/** The methods of a vendor's server interface, each as a function of a request and its call. */
export type Methods<S extends UntypedServiceImplementation> = {
  [K in keyof S as string extends K ? never : K]?: S[K] extends handleUnaryCall<infer Request, infer Response>
    ? (request: Request, call: Call) => Response | Promise<Response>
    : S[K] extends handleServerStreamingCall<infer Request, infer Response>
      ? (request: Request, call: Call) => Iterable<Response>
      : S[K] extends handleBidiStreamingCall<infer Request, infer Response>
        ? (requests: Request[], call: Call) => Iterable<Response>
        : never;
};

export function service<S extends UntypedServiceImplementation>(
  definition: ServiceDefinition,
  methods: Methods<S>,
  open: readonly (keyof Methods<S> & string)[] | "all" = [],
): Service {
  return { definition, methods: methods as Record<string, Method>, open };
}
