import * as pulumi from "@pulumi/pulumi";

/** The same tree as of AiStudioAccess, with resources that do nothing. */
class Thing extends pulumi.CustomResource {
  constructor(name: string, after: pulumi.Input<string>[], opts: pulumi.CustomResourceOptions) {
    super("nothing:index:Thing", name, { after }, opts);
  }
}

class Application extends pulumi.ComponentResource {
  constructor(name: string) {
    super("nothing:index:Application", name);
    const parent = { parent: this };
    const account = new Thing(`${name}-account`, [], parent);
    const grants = [1, 2, 3].map((n) => new Thing(`${name}-grant-${n}`, [account.id], parent));
    const key = new Thing(`${name}-key`, [account.id], parent);
    new Thing(`${name}-validation`, [key.id, ...grants.map(({ id }) => id)], parent);
    this.registerOutputs();
  }
}

const apps = new pulumi.Config().requireObject<Record<string, object>>("apps");
for (const name of Object.keys(apps)) new Application(name);
