namespace AuthzGraph.SchemaCompiler.Editing;

/// <summary>What the words of the language say, in a line each, for hovers and completions; docs/language.md explains them.</summary>
internal static class WordHelp
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["use"] = "Turns on a part of the language. Stands before every definition.",
        ["use expiration"] = "Relations may list subjects `with expiration`.",
        ["use self"] = "`self` in a permission is the object itself.",
        ["use partial"] = "Members that several definitions have can be written once, in a `partial`.",
        ["use delegation"] = "Definitions say who acts, on what task, by whose authority, and how far authority may be handed on.",
        ["use typechecking"] = "A permission may say of which types its subjects are, and is held to it.",
        ["use import"] = "Definitions of other files.",
        ["import"] = "Brings the definitions of another file.",
        ["definition"] = "A type of objects, with its relations and permissions.",
        ["partial"] = "Members that several definitions can have: `...name` stands for them.",
        ["caveat"] = "A condition that an edge may carry, in CEL, over what the edge and the request say.",
        ["relation"] = "A set one writes: what its edges may point at.",
        ["permission"] = "A set one only computes, from relations and permissions of the definition.",
        ["with"] = "Edges to this subject have an end, or carry a caveat.",
        ["and"] = "Edges carry the caveat and have an end.",
        ["expiration"] = "Edges to this subject end.",
        ["nil"] = "Nobody.",
        ["self"] = "The object itself.",
        ["any"] = "`parent.any(view)` is `parent->view`: who has `view` on some object of `parent`.",
        ["all"] = "`parent.all(view)`: who has `view` on every object of `parent`, and there is one.",
        ["principal"] = "Objects of this type act. Humans and services can be roots of a chain of hops.",
        ["human"] = "A person: acts directly and can be the root of a chain.",
        ["agent"] = "Acts by delegation, or as `autonomous` says; has a `sponsor`.",
        ["service"] = "A program that acts directly and can be the root of a chain.",
        ["task"] = "Objects of this type are tasks. The relations `opened_by`, `closed_by` and `parent` have a fixed meaning.",
        ["delegation"] = "Objects of this type are hops: each lends authority from a delegator to an agent.",
        ["within"] = "Along these relations an object is within another: what is lent on the outer covers the inner.",
        ["delegable"] = "These may be exercised through hops; nothing else may. `*` is every permission.",
        ["autonomous"] = "An agent may hold these by tuples of its own, without delegation.",
        ["domain"] = "Where access is enforced, for records. Decides nothing.",
        ["application"] = "Access is enforced in an application.",
        ["infrastructure"] = "Access is enforced in infrastructure.",
        ["data"] = "Access is enforced where data are.",
        ["ai"] = "Access is enforced around a model.",
        ["max"] = "A limit: `max hops 2` or `max ttl 1h`.",
        ["hops"] = "How long a chain may be.",
        ["ttl"] = "How long each hop may last: digits and one of s, m, h and d.",
        ["approval"] = "The relation or permission of the object that an approver must hold. Of several clauses, all count.",
    };

    private static readonly Dictionary<string, string> FixedRelations = new(StringComparer.Ordinal)
    {
        ["sponsor"] = "the humans answerable for the agent; one of them is active, always",
        ["suspended_by"] = "any edge stops the principal, and all within it",
        ["opened_by"] = "who opened the task; the edge's window is the task's",
        ["closed_by"] = "any edge ends the task and all authority under it",
        ["delegator"] = "who lends",
        ["delegate"] = "the agent lent to; the edge's window is the hop's",
        ["task"] = "the task the hop is for",
        ["onward"] = "the agents it may be handed on to; nobody, if there is no edge",
        ["approver"] = "who approved the hop",
        ["revoked_by"] = "any edge ends the hop, for good",
        ["parent"] = "the hop or task above",
    };

    /// <summary>Null for what is no word of the language.</summary>
    public static string? Of(string word) => Words.GetValueOrDefault(word);

    /// <summary>What a relation with a fixed name says.</summary>
    public static string? OfFixed(string relation) => FixedRelations.GetValueOrDefault(relation);
}
