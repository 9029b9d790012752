using AuthzGraph.Samples.DocumentsApi;

// dotnet run --project samples/DocumentsApi -- --authzgraph http://localhost:50051 --urls http://localhost:5080
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
await DocumentsApplication.Build(builder, new Uri(builder.Configuration["authzgraph"] ?? "http://localhost:50051")).RunAsync();
