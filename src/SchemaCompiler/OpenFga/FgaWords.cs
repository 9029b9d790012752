namespace AuthzGraph.SchemaCompiler.OpenFga;

/// <summary>The words of OpenFGA's language. None is reserved: each means something only in its place.</summary>
internal static class FgaWords
{
    public const string Model = "model", Schema = "schema", Module = "module", Extend = "extend";
    public const string Type = "type", Relations = "relations", Define = "define", Condition = "condition";
    public const string Or = "or", And = "and", But = "but", Not = "not", From = "from", With = "with";

    /// <summary>The versions of the language whose models without modules read alike.</summary>
    public static readonly string[] Versions = ["1.1", "1.2"];

    /// <summary>What begins a declaration when it is the first word of its line.</summary>
    public static readonly string[] Declarations = [Type, Define, Condition, Extend];

    /// <summary>Types of parameters; those that hold others come last. Caveats have the same ones.</summary>
    public static readonly string[] ParameterTypes =
        ["any", "bool", "string", "int", "uint", "double", "duration", "timestamp", "ipaddress", List, Map];

    public const string List = "list", Map = "map";
}
