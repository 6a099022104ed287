// The plug-in `pulumi-resource-yandex-aistudio`: the component for programs in every language that Pulumi has.
import { main } from "@pulumi/pulumi/provider";
import { componentProvider } from "./componentProvider";

void main(componentProvider, process.argv.slice(2));
