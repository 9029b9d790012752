using static AuthzGraph.SchemaCompiler.Diagnostics.Catalogue;
using static AuthzGraph.SchemaCompiler.Severity;

namespace AuthzGraph.SchemaCompiler.Diagnostics;

/// <summary>AZ04: what is said about delegation.</summary>
internal static class DelegationCatalogue
{
    public static Diagnostic SecondRole(TextSpan at, string second, string first) =>
        New("AZ0401", Error, at,
            $"`{second}` after `{first}`: a definition has one of `principal`, `task` and `delegation`, once");

    public static Diagnostic UnknownPrincipalKind(TextSpan at, string kind, string? nearest) =>
        New("AZ0402", Error, at, $"expected `human`, `agent` or `service`, found `{Shorten(kind)}`", DidYouMean(nearest));

    public static Diagnostic UnknownDomain(TextSpan at, string domain, string? nearest) =>
        New("AZ0403", Error, at, $"expected `application`, `infrastructure`, `data` or `ai`, found `{Shorten(domain)}`", DidYouMean(nearest));

    public static Diagnostic SecondDomain(TextSpan at) =>
        New("AZ0404", Error, at, "a definition has one `domain`");

    public static Diagnostic MissingRoleRelation(TextSpan at, string role, string relation) =>
        New("AZ0405", Error, at, $"{role} needs a relation `{relation}`");

    public static Diagnostic RoleNameIsPermission(TextSpan at, string role, string name) =>
        New("AZ0406", Error, at, $"`{name}` of {role} is a relation one writes, not a permission");

    public static Diagnostic WrongTypeInRole(TextSpan at, string name, string expected, string type) =>
        New("AZ0407", Error, at, $"`{name}` holds {expected}, and `{Shorten(type)}` is none");

    public static Diagnostic NotAPlainObject(TextSpan at, string name, string found) =>
        New("AZ0408", Error, at, $"`{Shorten(name)}` holds plain objects, not {found}");

    public static Diagnostic ExpirationNotAllowed(TextSpan at, string name) =>
        New("AZ0409", Error, at, $"`{Shorten(name)}` cannot expire", "leave out `with expiration`");

    public static Diagnostic WithinNamesPermission(TextSpan at, string name) =>
        New("AZ0410", Error, at, $"`{Shorten(name)}` is a permission, and `within` follows relations");

    public static Diagnostic NothingToLend(TextSpan at, string permission, string type, string? nearest) =>
        New("AZ0411", Error, at,
            $"neither `{Shorten(type)}` nor what is within it has a permission `{Shorten(permission)}` to lend",
            DidYouMean(nearest));

    public static Diagnostic InvalidHops(TextSpan at, string number) =>
        New("AZ0412", Error, at, $"`{Shorten(number)}` is not a number of hops", "write a whole number from 1 up");

    public static Diagnostic InvalidDuration(TextSpan at, string duration) =>
        New("AZ0413", Error, at, $"`{Shorten(duration)}` is not a duration",
            "write a number from 1 up and one of s, m, h and d: `90s`, `10m`, `8h`, `30d`; 100 years at most");

    public static Diagnostic TooManyApprovals(TextSpan at, string member) =>
        New("AZ0414", Error, at, $"`{Shorten(member)}` asks for more than {CompilerLimits.Approvals} approvals",
            "make one permission of several, and ask for that");

    public static Diagnostic CaveatNotAllowed(TextSpan at, string name, string caveat) =>
        New("AZ0415", Error, at, $"`{Shorten(name)}` cannot depend on the caveat `{Shorten(caveat)}`",
            "put it on `delegate` or on what is lent; a chain is made of certain facts");

    public static Diagnostic StandingPrivilege(TextSpan at, string relation, string type) =>
        New("AZ0450", Warning, at,
            $"`{Shorten(relation)}` admits the agent `{Shorten(type)}` without end: a standing privilege",
            $"write `{Shorten(type)} with expiration`, or lend it through a delegation");

    public static Diagnostic LentButClosed(TextSpan at, string permission, string type) =>
        New("AZ0451", Warning, at,
            $"`{Shorten(permission)}` is delegable neither on `{Shorten(type)}` nor on what is within it, so lending it has no effect",
            $"write `delegable {Shorten(permission)}` where it may be exercised through a delegation");

    public static Diagnostic NeverLent(TextSpan at, string permission, string type) =>
        New("AZ0452", Warning, at,
            $"no delegation lends `{Shorten(permission)}` on `{Shorten(type)}` or on what it is within, so `delegable` has no effect",
            $"list `{Shorten(type)}` in a relation `{Shorten(permission)}` of a delegation, or remove the name here");
}
